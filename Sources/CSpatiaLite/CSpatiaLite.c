#include "CSpatiaLite.h"

#include <sqlite3.h>
#include <spatialite.h>

// SQLite calls a function's destructor when the connection that holds it closes. A private function whose
// user data is SpatiaLite's cache therefore ties the cache's life to the connection's, whoever closes it.
static void answer_attached(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    (void)values;
    sqlite3_result_int(context, 1);
}

static void free_cache(void *cache) { spatialite_cleanup_ex(cache); }

void cspatialite_configure(void) { (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

int cspatialite_attach(struct sqlite3 *connection) {
    void *cache = spatialite_alloc_connection();
    if (cache == NULL) return SQLITE_NOMEM;
    spatialite_init_ex(connection, cache, 0);
    spatialite_set_silent_mode(cache);
    // On failure SQLite calls the destructor too, so the cache is never leaked.
    return sqlite3_create_function_v2(connection, "tocsin_spatialite_attached", 0, SQLITE_UTF8, cache,
                                      answer_attached, NULL, NULL, free_cache);
}
