// SQLite's R*Tree, walked by a prepared zone.
#include "CZoneIndex.h"

#include <sqlite3.h>
#include <stdlib.h>

typedef struct {
    const czone *zone;
    double margin_east, margin_north;
    czone_selection *found;
} walk_t;

// SQLite runs the callback on the thread that steps the statement, between the two lines of czone_select that set
// this. (A value bound with sqlite3_bind_pointer does not arrive: the R*Tree duplicates its arguments, and
// sqlite3_value_dup makes a pointer NULL.)
static _Thread_local walk_t *current = NULL;

static int add_inside(czone_selection *found, int64_t id) {
    if (found->inside_count == found->inside_capacity) {
        size_t capacity = found->inside_capacity > 0 ? 2 * found->inside_capacity : 1024;
        int64_t *grown = realloc(found->inside, capacity * sizeof(int64_t));
        if (grown == NULL) return SQLITE_NOMEM;
        found->inside = grown;
        found->inside_capacity = capacity;
    }
    found->inside[found->inside_count++] = id;
    return SQLITE_OK;
}

static int add_candidate(czone_selection *found, int64_t id, const sqlite3_rtree_dbl *sides) {
    if (found->candidate_count == found->candidate_capacity) {
        size_t capacity = found->candidate_capacity > 0 ? 2 * found->candidate_capacity : 256;
        czone_candidate *grown = realloc(found->candidates, capacity * sizeof(czone_candidate));
        if (grown == NULL) return SQLITE_NOMEM;
        found->candidates = grown;
        found->candidate_capacity = capacity;
    }
    found->candidates[found->candidate_count++] = (czone_candidate){id, sides[0], sides[2], sides[1], sides[3]};
    return SQLITE_OK;
}

/// Entries are kept here and never handed to SQL: a row through the virtual machine costs more than the test.
static int in_zone(sqlite3_rtree_query_info *entry) {
    const walk_t *walk = current;
    if (walk == NULL || entry->nCoord != 4) return SQLITE_ERROR;
    int answer = CZONE_INSIDE;
    if (entry->eParentWithin != FULLY_WITHIN) {
        const sqlite3_rtree_dbl *sides = entry->aCoord;
        answer = czone_box(walk->zone, sides[0] - walk->margin_east, sides[2] - walk->margin_north,
                           sides[1] + walk->margin_east, sides[3] + walk->margin_north);
    }
    if (entry->iLevel > 0) {
        entry->eWithin = answer == CZONE_INSIDE    ? FULLY_WITHIN
                         : answer == CZONE_OUTSIDE ? NOT_WITHIN
                                                   : PARTLY_WITHIN;
        return SQLITE_OK;
    }
    entry->eWithin = NOT_WITHIN;
    if (answer == CZONE_INSIDE) return add_inside(walk->found, entry->iRowid);
    return answer == CZONE_OUTSIDE ? SQLITE_OK : add_candidate(walk->found, entry->iRowid, entry->aCoord);
}

int czone_attach(struct sqlite3 *connection) {
    return sqlite3_rtree_query_callback(connection, "in_zone", in_zone, NULL, NULL);
}

int czone_select(struct sqlite3 *connection, const char *sql, const czone *zone, double margin_east,
                 double margin_north, czone_selection *selection) {
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(connection, sql, -1, &statement, NULL);
    if (code != SQLITE_OK) return code;
    walk_t walk = {zone, margin_east, margin_north, selection};
    walk_t *outer = current;
    current = &walk;
    do code = sqlite3_step(statement);
    while (code == SQLITE_ROW);
    current = outer;
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

void czone_selection_free(czone_selection *selection) {
    free(selection->inside);
    free(selection->candidates);
    *selection = (czone_selection){0};
}
