#include "CPageStream.h"

#include <pthread.h>
#include <sqlite3.h>
#include <string.h>

// The destination of SQLite's backup is a database on a file system that has one file, which can only be written. SQLite
// keeps the pages it needs again while the backup lasts; should it ever ask for one, the backup fails and says so.

typedef struct {
    sqlite3_file base;
    cpagestream_sink sink;
    void *context;
    sqlite3_int64 size;
} stream_file;

// SQLite opens the file while sqlite3_open_v2 runs, on the same thread: this is how it finds its sink.
static _Thread_local stream_file *opening;

static int stream_close(sqlite3_file *file) { (void)file; return SQLITE_OK; }

static int stream_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    if (offset < ((stream_file *)file)->size) return SQLITE_IOERR_READ;
    memset(bytes, 0, (size_t)count);
    return SQLITE_IOERR_SHORT_READ;
}

static int stream_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    stream_file *stream = (stream_file *)file;
    if (stream->sink(stream->context, offset, bytes, count) != 0) return SQLITE_IOERR_WRITE;
    if (offset + count > stream->size) stream->size = offset + count;
    return SQLITE_OK;
}

static int stream_truncate(sqlite3_file *file, sqlite3_int64 size) {
    return size >= ((stream_file *)file)->size ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

static int stream_sync(sqlite3_file *file, int flags) { (void)file; (void)flags; return SQLITE_OK; }

static int stream_size(sqlite3_file *file, sqlite3_int64 *size) {
    *size = ((stream_file *)file)->size;
    return SQLITE_OK;
}

static int stream_lock(sqlite3_file *file, int kind) { (void)file; (void)kind; return SQLITE_OK; }

static int stream_reserved(sqlite3_file *file, int *result) { (void)file; *result = 0; return SQLITE_OK; }

static int stream_control(sqlite3_file *file, int operation, void *argument) {
    (void)file; (void)operation; (void)argument;
    return SQLITE_NOTFOUND;
}

static int stream_sector(sqlite3_file *file) { (void)file; return 4096; }

static int stream_traits(sqlite3_file *file) { (void)file; return 0; }

static const sqlite3_io_methods methods = {
    .iVersion = 1, .xClose = stream_close, .xRead = stream_read, .xWrite = stream_write, .xTruncate = stream_truncate,
    .xSync = stream_sync, .xFileSize = stream_size, .xLock = stream_lock, .xUnlock = stream_lock,
    .xCheckReservedLock = stream_reserved, .xFileControl = stream_control, .xSectorSize = stream_sector,
    .xDeviceCharacteristics = stream_traits,
};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
    (void)vfs; (void)name;
    // Neither a journal nor a temporary file: nothing of the register is ever written in clear.
    if (opening == NULL || !(flags & SQLITE_OPEN_MAIN_DB)) return SQLITE_CANTOPEN;
    *(stream_file *)file = *opening;
    file->pMethods = &methods;
    if (out != NULL) *out = flags;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync) { (void)vfs; (void)name; (void)sync; return SQLITE_OK; }

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *result) {
    (void)vfs; (void)name; (void)flags;
    *result = 0;
    return SQLITE_OK;
}

static int vfs_path(sqlite3_vfs *vfs, const char *name, int size, char *out) {
    (void)vfs;
    sqlite3_snprintf(size, out, "%s", name);
    return SQLITE_OK;
}

static sqlite3_vfs stream_vfs;
static int registered = SQLITE_ERROR;

static void register_vfs(void) {
    if (sqlite3_initialize() != SQLITE_OK) return;
    sqlite3_vfs *plain = sqlite3_vfs_find(NULL);
    if (plain == NULL) return;
    // Randomness, sleep and time are the system's.
    stream_vfs = *plain;
    stream_vfs.zName = "tocsin-page-stream";
    stream_vfs.szOsFile = sizeof(stream_file);
    stream_vfs.xOpen = vfs_open;
    stream_vfs.xDelete = vfs_delete;
    stream_vfs.xAccess = vfs_access;
    stream_vfs.xFullPathname = vfs_path;
    registered = sqlite3_vfs_register(&stream_vfs, 0);
}

static int copy(sqlite3 *source, sqlite3 *target) {
    // No journal, nothing to flush; the cache bounds what is in memory before it is handed over.
    int code = sqlite3_exec(target, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16384;",
                            NULL, NULL, NULL);
    if (code != SQLITE_OK) return code;
    sqlite3_backup *backup = sqlite3_backup_init(target, "main", source, "main");
    if (backup == NULL) return sqlite3_errcode(target);
    // In one step: one read transaction, and so one moment, however long it takes.
    sqlite3_backup_step(backup, -1);
    return sqlite3_backup_finish(backup);
}

int cpagestream_copy(const char *path, cpagestream_sink sink, void *context, char *message, int message_size) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, register_vfs);
    if (registered != SQLITE_OK) {
        sqlite3_snprintf(message_size, message, "SQLite has no place for the stream");
        return registered;
    }
    sqlite3 *source = NULL, *target = NULL;
    int code = sqlite3_open_v2(path, &source, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK) {
        sqlite3_busy_timeout(source, 60000);
        stream_file stream = {.sink = sink, .context = context, .size = 0};
        opening = &stream;
        code = sqlite3_open_v2("copy", &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                               "tocsin-page-stream");
        opening = NULL;
        if (code == SQLITE_OK) code = copy(source, target);
        if (code != SQLITE_OK) {
            const char *reason = sqlite3_errcode(target) != SQLITE_OK ? sqlite3_errmsg(target) : sqlite3_errstr(code);
            sqlite3_snprintf(message_size, message, "%s", reason);
        }
    } else {
        sqlite3_snprintf(message_size, message, "%s", source != NULL ? sqlite3_errmsg(source) : sqlite3_errstr(code));
    }
    sqlite3_close(target);
    sqlite3_close(source);
    return code;
}
