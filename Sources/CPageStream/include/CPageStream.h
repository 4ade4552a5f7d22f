// Hands a SQLite database's pages to whoever writes them, as SQLite's own online backup reads them: a copy of one moment,
// while others write, and without a file in between.
#ifndef CPAGESTREAM_H
#define CPAGESTREAM_H

/// Takes bytes that stand at an offset of the copy. A place may be written more than once: the last time counts.
/// Returns 0 to go on.
typedef int (*cpagestream_sink)(void *context, long long offset, const void *bytes, int count);

/// Copies the database file at `path`. Returns SQLite's result code (0: all of it was handed over); the reason of a failure
/// is written to `message`.
int cpagestream_copy(const char *path, cpagestream_sink sink, void *context, char *message, int message_size);

#endif
