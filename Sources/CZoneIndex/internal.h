// What the files of this target share.
#ifndef CZONEINDEX_INTERNAL_H
#define CZONEINDEX_INTERNAL_H

#include "CZoneIndex.h"

#include <stdbool.h>

#include <geodesic.h>

typedef czone_box_t box_t;

typedef struct {
    double ax, ay, bx, by;
} edge_t;

static inline double least(double a, double b) { return a < b ? a : b; }
static inline double most(double a, double b) { return a > b ? a : b; }

static inline bool box_meets(const box_t *a, const box_t *b) {
    return a->west <= b->east && b->west <= a->east && a->south <= b->north && b->south <= a->north;
}

static inline box_t box_of(const edge_t *edge) {
    return (box_t){least(edge->ax, edge->bx), least(edge->ay, edge->by), most(edge->ax, edge->bx),
                   most(edge->ay, edge->by)};
}

static inline bool box_holds(const box_t *outer, const box_t *inner) {
    return outer->west <= inner->west && inner->east <= outer->east && outer->south <= inner->south &&
           inner->north <= outer->north;
}

/// How far the determinant of `orientation` must be from zero to be believed, for each unit of its products: (3 + 16ε)ε with
/// ε = 2^-53, Shewchuk's ccwerrboundA.
#define ORIENTATION_FILTER 3.3306690738754716e-16

/// The side of the line a → b on which p lies: above zero on the left, zero on the line. Exact.
int orientation(double ax, double ay, double bx, double by, double px, double py);

/// A coordinate doubled, as the sum of two doubles that do not overlap: the middle of two places is such.
typedef struct {
    double high, low;
} twice_t;

/// As `orientation`, of a place given doubled. Exact.
int orientation_of_twice(double ax, double ay, double bx, double by, twice_t px, twice_t py);

/// The edges of a polygon's rings under a tree of boxes: over every eight of them, over every eight of those, and so on.
/// What follows in a ring is near, so that no other order is needed.
///
/// Edge i goes from vertex i to the next one; none begins at the last vertex of a ring.
enum { OUTLINE_BRANCH_BITS = 3, OUTLINE_BRANCHES = 1 << OUTLINE_BRANCH_BITS, OUTLINE_LEVELS = 10, OUTLINE_WHOLE = 0xFF };
typedef struct {
    /// Longitude, latitude; the caller's.
    const double *positions;
    int32_t vertex_count;
    /// Where each ring's vertices begin, the shell's first; one more at the end.
    int32_t *ring_starts;
    int32_t ring_count;
    box_t *boxes;
    /// Of a leaf, one bit for each vertex at which an edge begins; of other nodes, OUTLINE_WHOLE when all of their leaves
    /// are: then no ring ends among them.
    uint8_t *marks;
    int32_t level_starts[OUTLINE_LEVELS], level_counts[OUTLINE_LEVELS];
    int level_count;
} outline_t;

/// Returns false when memory is short, or there is no edge. To be freed either way.
///
/// positions: of all polygons; they must outlive the outline.
bool outline_prepare(outline_t *outline, const double *positions, const int32_t *ring_ends, int32_t first_ring,
                     int32_t ring_end);
void outline_free(outline_t *outline);

static inline const box_t *outline_box(const outline_t *outline) {
    return &outline->boxes[outline->level_starts[outline->level_count - 1]];
}

/// The edge that begins at a vertex: its ends are two neighbours among the positions.
static inline const edge_t *outline_edge(const outline_t *outline, int32_t vertex) {
    return (const edge_t *)(outline->positions + 2 * (size_t)vertex);
}

/// Whether a vertex, not the outline's last one, begins an edge.
static inline bool outline_has_edge(const outline_t *outline, int32_t vertex) {
    return outline->marks[vertex / OUTLINE_BRANCHES] >> vertex % OUTLINE_BRANCHES & 1;
}

static inline const edge_t *edge_after(const edge_t *edge) { return (const edge_t *)&edge->bx; }

/// The ends of the chain of edges under a node. Returns false where a ring ends in it.
bool outline_chain(const outline_t *outline, int level, int32_t index, const double **first, const double **last);
/// Whether a place is inside or on the boundary. Exact.
bool outline_contains(const outline_t *outline, double x, double y);

enum { PLACE_OUTSIDE = 0, PLACE_ON_BOUNDARY = 1, PLACE_INSIDE = 2 };

/// Where a place given doubled lies. Exact.
int outline_locate(const outline_t *outline, twice_t x, twice_t y);
/// Whether an edge may touch a box: never no wrongly.
bool outline_meets(const outline_t *outline, const box_t *box);
/// Calls for every edge whose box meets a box, until it returns false. Returns whether it never did.
bool outline_each_edge(const outline_t *outline, const box_t *box, bool (*visit)(void *context, const edge_t *edge),
                       void *context);

/// The ring that a vertex belongs to.
int32_t outline_ring(const outline_t *outline, int32_t vertex);
/// Whether the polygon is seen to be valid.
bool outline_is_plainly_valid(const outline_t *outline);
/// Whether holes, of rings that are apart, lie in the shell and in no other hole; false also when that takes a look at more
/// nodes than `most`.
bool outline_is_nested_well(const outline_t *outline, int64_t most);

/// One polygon: its edges, and a mask of cells over its box.
typedef struct {
    outline_t outline;
    box_t box;
    int32_t cells;
    double columns_per_degree, rows_per_degree;
    /// Summed areas: 2 for a cell inside, 1 for one the boundary touches, 0 outside. (cells + 1)² entries; NULL without
    /// a mask.
    uint32_t *sums;
} part_t;

int part_box(const part_t *part, const box_t *box);
bool part_contains(const part_t *part, double x, double y);
/// Returns false when memory is short.
bool part_prepare_mask(part_t *part);
/// As part_box, by the mask alone. Requires that the boxes meet.
int part_box_by_mask(const part_t *part, const box_t *box);

typedef struct {
    double longitude, latitude, radius, tolerance;
    double east_scale, north_scale, error;
    /// The greatest cosine of a latitude in the box.
    double greatest_cosine;
    double x, y, z;
    /// Squares of distances by the two scales: what is further lies outside, what is nearer inside, a cell as a whole.
    double surely_outside, surely_inside;
    struct geod_geodesic geodesic;
} circle_t;

/// No place of a cell of the pack is further from its middle: half its diagonal on the equator, and more.
#define CELL_METRES 0.007

void circle_prepare(circle_t *circle, const box_t *box);
int circle_box(const circle_t *circle, const box_t *bounds, const box_t *box);
bool circle_contains(const circle_t *circle, double longitude, double latitude);
/// How a cell of the pack lies to it, whose middle is given; undecided only within a cell's width of the edge.
int circle_cell(const circle_t *circle, double longitude, double latitude);

/// Calls for every part whose box meets a box, until it returns false. Returns whether it never did.
bool zone_each_part(const czone *zone, const box_t *box, bool (*visit)(void *context, const part_t *part),
                    void *context);

struct czone {
    box_t box;
    bool is_circle;
    circle_t circle;
    part_t *parts;
    int32_t part_count;
    /// Boxes of the parts, then of every eight of those, and so on; levels begin at `level_starts`.
    box_t *boxes;
    int32_t level_starts[16], level_counts[16];
    int32_t level_count;
};

#endif
