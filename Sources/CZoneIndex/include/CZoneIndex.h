// A zone prepared once, then asked about millions of places: by box, by point, and by SQLite's R*Tree as it walks.
//
// Coordinates are WGS 84 degrees, longitude first. Edges are straight in longitude and latitude, the boundary belongs
// to the zone, and a place is in an area when it is in any of its polygons. A prepared zone never changes, so threads
// may share it.
//
// This header never includes sqlite3.h: see CSpatiaLite.h.
#ifndef CZONEINDEX_H
#define CZONEINDEX_H

#include <stddef.h>
#include <stdint.h>

struct sqlite3;
typedef struct czone czone;

/// How a box lies to a zone. Only `undecided` may be said too often.
enum { CZONE_OUTSIDE = 0, CZONE_UNDECIDED = 1, CZONE_INSIDE = 2 };

/// Prepares polygons that are valid, each by itself; they may touch or overlap.
///
/// positions: longitude, latitude of every vertex, ring after ring, each ring closed.
/// ring_ends: for each ring, the number of vertices up to its end. polygon_ends: for each polygon, that of rings.
/// Returns NULL when memory is short or a coordinate is not a finite number.
czone *czone_create_area(const double *positions, const int32_t *ring_ends, const int32_t *polygon_ends,
                         int32_t polygon_count);

/// Prepares the places within a geodesic distance of a centre.
///
/// west to north: a box that holds all of them, within ±180 and ±89. relative_error: how far a distance measured by
/// the two scales, in metres per degree at the centre, may be from the geodesic one, up to twice the radius.
/// tolerance_metres: as much further still counts.
czone *czone_create_circle(double longitude, double latitude, double radius_metres, double tolerance_metres,
                           double west, double south, double east, double north, double metres_per_degree_east,
                           double metres_per_degree_north, double relative_error);

void czone_destroy(czone *zone);

/// How a box, edges included, lies to the zone.
int czone_box(const czone *zone, double west, double south, double east, double north);

/// Whether a place is in the zone or on its boundary: exactly for areas, by the ellipsoid's geodesic for circles.
int czone_contains(const czone *zone, double longitude, double latitude);

/// An entry of an R*Tree that its box alone does not settle.
typedef struct {
    int64_t id;
    double west, south, east, north;
} czone_candidate;

/// What a walk of an R*Tree found.
typedef struct {
    int64_t *inside;
    size_t inside_count, inside_capacity;
    czone_candidate *candidates;
    size_t candidate_count, candidate_capacity;
} czone_selection;

/// Gives a connection the R*Tree callback `in_zone()`, which only czone_select can use. Returns SQLite's code.
int czone_attach(struct sqlite3 *connection);

/// Walks the R*Tree that `sql` names, in the connection's current transaction.
///
/// sql: SELECT … WHERE … MATCH in_zone(). margin_east, margin_north: degrees. An entry is inside when its box grown by
/// the margins is wholly in the zone, and a candidate when that grown box may touch the boundary.
/// Returns SQLite's code; the selection is to be freed in every case.
int czone_select(struct sqlite3 *connection, const char *sql, const czone *zone, double margin_east,
                 double margin_north, czone_selection *selection);

void czone_selection_free(czone_selection *selection);

#endif
