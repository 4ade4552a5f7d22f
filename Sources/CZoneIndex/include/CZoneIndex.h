// A zone prepared once, then asked about millions of places: by box, by point, and over a pack of places at once.
//
// Coordinates are WGS 84 degrees, longitude first. Edges are straight in longitude and latitude, the boundary belongs
// to the zone, and a place is in an area when it is in any of its polygons. A prepared zone never changes, so threads
// may share it.
#ifndef CZONEINDEX_H
#define CZONEINDEX_H

#include <stddef.h>
#include <stdint.h>

typedef struct czone czone;

/// How a box lies to a zone. Only `undecided` may be said too often.
enum { CZONE_OUTSIDE = 0, CZONE_UNDECIDED = 1, CZONE_INSIDE = 2 };

/// Prepares polygons, each valid by itself; they may touch or overlap. That is enough to be asked few questions.
///
/// positions: longitude, latitude of every vertex, ring after ring, each ring closed; they must outlive the zone.
/// ring_ends: for each ring, the number of vertices up to its end. polygon_ends: for each polygon, that of rings.
/// Returns NULL when memory is short, a coordinate is not a finite number, or a polygon has no edge.
czone *czone_create_area(const double *positions, const int32_t *ring_ends, const int32_t *polygon_ends,
                         int32_t polygon_count);

typedef struct {
    double west, south, east, north;
} czone_box_t;

/// The smallest box that holds all vertices of an area, or the one that was given for a circle.
czone_box_t czone_bounds(const czone *zone);

/// Whether an area's polygons are valid each by itself, for a reason that is quickly seen: no ring touches itself or
/// another, and holes lie side by side in their shells.
/// Returns 0 for all others, which may be valid or not, and when memory is short. Never changes the zone, so that it may run
/// beside czone_prepare_masks.
int czone_is_plainly_valid(const czone *zone);

/// Prepares an area for millions of questions. Returns 0 when memory is short. To be called before threads share it.
int czone_prepare_masks(czone *zone);

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

/// How a surface lies to a zone, boundaries included.
enum {
    CZONE_APART = 0,
    /// They share as much as a point.
    CZONE_TOUCHES = 1,
    /// The zone holds all of it.
    CZONE_WITHIN = 2,
    /// Only a computation of their union could tell, or for a circle the ellipsoid.
    CZONE_UNTOLD = 3,
};

/// How an extent, itself an area, lies to a zone: exact.
int czone_relation(const czone *zone, const czone *extent);

/// Edges of an area that a distance by the scales of the axes cannot tell near from far.
enum { CZONE_MOST_EDGES = 64 };
typedef struct {
    /// Longitude and latitude of either end.
    double edges[CZONE_MOST_EDGES][4];
    int32_t count;
    /// Whether polygons other than the one whose edge was found come near, too.
    int32_t has_neighbours;
} czone_near;

/// Whether an edge of an area comes as near to a place as so many metres: 1 yes, 0 no, -1 when the edges in `near` must
/// be measured, -2 when they are too many for it.
///
/// west to north: a box that holds every place as near. The scales are those of the place, in metres per degree, right
/// to relative_error over the distance, which is below a half.
int czone_edge_within(const czone *zone, double longitude, double latitude, double metres, double west, double south,
                      double east, double north, double metres_per_degree_east, double metres_per_degree_north,
                      double relative_error, czone_near *near);

/// Places in an order that keeps neighbours together, as cells of 2⁻³² of the globe's width and height: nine
/// millimetres at most. Once indexed it never changes, so threads may share it.
typedef struct czone_pack czone_pack;

/// metres: 256 radii, of which places name one each, growing; the first is zero. Returns NULL when memory is short.
czone_pack *czone_pack_create(uint32_t count, int has_radii, const double *metres);
void czone_pack_destroy(czone_pack *pack);

/// To be filled, then indexed: (longitude + 180) / 360 and (latitude + 90) / 180 in units of 2⁻³², rounded down.
uint32_t *czone_pack_x(czone_pack *pack);
uint32_t *czone_pack_y(czone_pack *pack);
/// NULL without radii.
uint8_t *czone_pack_radii(czone_pack *pack);
void czone_pack_index(czone_pack *pack);

/// How far a place reaches beyond its cell: its radius and the reach, and the spare when these are not zero.
typedef struct {
    double degrees_east_per_metre, degrees_north_per_metre, spare_metres, reach_metres;
} czone_margin;

/// What a walk found, in order: pairs of first place and end of those wholly inside; those the boundary may touch.
typedef struct {
    uint32_t *ranges;
    size_t range_count, range_capacity;
    uint32_t *open;
    size_t open_count, open_capacity;
} czone_found;

/// Looks at the places from `from` up to `to`. Returns 0 when memory is short; what was found is to be freed always.
int czone_pack_select(const czone_pack *pack, const czone *zone, uint32_t from, uint32_t to,
                      const czone_margin *margin, czone_found *found);

void czone_found_free(czone_found *found);

#endif
