// What the files of this target share.
#ifndef CZONEINDEX_INTERNAL_H
#define CZONEINDEX_INTERNAL_H

#include "CZoneIndex.h"

#include <stdbool.h>

#include <geodesic.h>

typedef struct {
    double west, south, east, north;
} box_t;

typedef struct {
    double ax, ay, bx, by;
} edge_t;

static inline double least(double a, double b) { return a < b ? a : b; }
static inline double most(double a, double b) { return a > b ? a : b; }

static inline bool box_meets(const box_t *a, const box_t *b) {
    return a->west <= b->east && b->west <= a->east && a->south <= b->north && b->south <= a->north;
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

/// One polygon: its edges by slabs of latitude, and a mask of cells over its box.
typedef struct {
    box_t box;
    edge_t *edges;
    int32_t edge_count;
    /// Where each ring's edges begin, the shell's first; one more at the end.
    int32_t *ring_starts;
    int32_t ring_count;
    int32_t slab_count;
    double slabs_per_degree;
    /// Where each slab's edges begin in `slab_edges`; one more at the end.
    int32_t *slab_starts;
    int32_t *slab_edges;
    int32_t cells;
    double columns_per_degree, rows_per_degree;
    /// Summed areas: 2 for a cell inside, 1 for one the boundary touches, 0 outside. (cells + 1)² entries.
    uint32_t *sums;
} part_t;

/// Returns false when memory is short. The part is to be freed either way.
///
/// has_mask: whether so many places will be asked about that a mask pays.
bool part_prepare(part_t *part, const double *positions, const int32_t *ring_ends, int32_t first_ring,
                  int32_t ring_end, bool has_mask);
void part_free(part_t *part);
int part_box(const part_t *part, const box_t *box);
bool part_contains(const part_t *part, double x, double y);
/// By the edges alone, without the mask: for preparing that.
bool part_contains_by_edges(const part_t *part, double x, double y);

enum { PLACE_OUTSIDE = 0, PLACE_ON_BOUNDARY = 1, PLACE_INSIDE = 2 };

/// Where a place given doubled lies. Exact.
int part_locate(const part_t *part, twice_t x, twice_t y);
/// The entries of `slab_edges` that hold every edge between two latitudes; an edge may be among them many times.
void part_edges_between(const part_t *part, double south, double north, int32_t *start, int32_t *end);
/// Returns false when memory is short.
bool part_prepare_mask(part_t *part, int32_t edge_count);
/// As part_box, by the mask alone. Requires that the boxes meet.
int part_box_by_mask(const part_t *part, const box_t *box);

typedef struct {
    double longitude, latitude, radius, tolerance;
    double east_scale, north_scale, error;
    /// The greatest cosine of a latitude in the box.
    double greatest_cosine;
    double x, y, z;
    struct geod_geodesic geodesic;
} circle_t;

void circle_prepare(circle_t *circle, const box_t *box);
int circle_box(const circle_t *circle, const box_t *bounds, const box_t *box);
bool circle_contains(const circle_t *circle, double longitude, double latitude);
/// How a cell lies to it, of which no place is further than `reach` metres from the one given: by the geodesic.
int circle_cell(const circle_t *circle, double longitude, double latitude, double reach);

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
