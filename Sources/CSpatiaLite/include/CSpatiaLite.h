// Attaches SpatiaLite to an open SQLite connection, for as long as that connection lives.
//
// This header never includes sqlite3.h: GRDB brings its own module for it, and two modules declaring the
// same C types do not compile together. Swift passes a connection as an OpaquePointer, which fits.
#ifndef CSPATIALITE_H
#define CSPATIALITE_H

struct sqlite3;

/// Attaches SpatiaLite to an open connection. SpatiaLite's private cache is freed by SQLite itself when the
/// connection closes; without that each connection leaks some 300 KiB.
/// Returns SQLITE_OK (0) or the SQLite error code of the registration.
int cspatialite_attach(struct sqlite3 *connection);

/// Stops SQLite's count of the memory it has, which nobody reads and for which every allocation takes one lock of the
/// whole process: an eighth of a large import. Without effect once any connection is open.
void cspatialite_configure(void);

#endif
