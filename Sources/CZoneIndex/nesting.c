// Whether the holes of a polygon lie in its shell and in no other hole, for rings that are apart: one vertex of each tells.
#include "internal.h"

#include <stdlib.h>

/// A ray to the east from the first vertex of a hole, and the rings that it crosses an odd number of times.
typedef struct {
    const outline_t *outline;
    double x, y;
    int32_t hole;
    /// Of each ring twice the hole that last asked about it, and one more when it is odd.
    int64_t *states;
    int32_t odd_count;
    /// Nodes that may be looked at yet.
    int64_t left;
} ray_t;

static void turn(ray_t *ray, int32_t ring) {
    if (ring == ray->hole) return;
    int64_t even = 2 * (int64_t)ray->hole;
    if (ray->states[ring] >> 1 != ray->hole) ray->states[ring] = even;
    ray->states[ring] ^= 1;
    ray->odd_count += ray->states[ring] != even ? 1 : -1;
}

static void cast_at_leaf(ray_t *ray, int32_t leaf) {
    const outline_t *outline = ray->outline;
    int32_t first = leaf * OUTLINE_BRANCHES, ring = outline_ring(outline, first);
    for (int32_t i = first; i < first + OUTLINE_BRANCHES && i + 1 < outline->vertex_count; i++) {
        if (!outline_has_edge(outline, i)) continue;
        while (outline->ring_starts[ring + 1] <= i) ring++;
        const edge_t *edge = outline_edge(outline, i);
        if ((edge->ay > ray->y) == (edge->by > ray->y)) continue;
        int side = orientation(edge->ax, edge->ay, edge->bx, edge->by, ray->x, ray->y);
        // To the east of the place, as in outline_contains.
        if ((side > 0) == (edge->by > edge->ay)) turn(ray, ring);
    }
}

/// Returns false when too many nodes were looked at.
static bool cast(ray_t *ray, int level, int32_t index) {
    const outline_t *outline = ray->outline;
    if (ray->left-- < 0) return false;
    const box_t *box = &outline->boxes[outline->level_starts[level] + index];
    if (box->south > ray->y || box->north < ray->y || box->east < ray->x) return true;
    const double *first, *last;
    if (box->west > ray->x && outline_chain(outline, level, index, &first, &last)) {
        if ((first[1] > ray->y) != (last[1] > ray->y)) {
            turn(ray, outline_ring(outline, index << OUTLINE_BRANCH_BITS * (level + 1)));
        }
        return true;
    }
    if (level == 0) {
        cast_at_leaf(ray, index);
        return true;
    }
    int32_t end = (index + 1) * OUTLINE_BRANCHES, count = outline->level_counts[level - 1];
    for (int32_t child = index * OUTLINE_BRANCHES; child < end && child < count; child++) {
        if (!cast(ray, level - 1, child)) return false;
    }
    return true;
}

bool outline_is_nested_well(const outline_t *outline, int64_t left) {
    if (outline->ring_count == 1) return true;
    ray_t ray = {.outline = outline, .states = calloc((size_t)outline->ring_count, sizeof(int64_t)), .left = left};
    if (ray.states == NULL) return false;
    bool is_good = true;
    for (ray.hole = 1; ray.hole < outline->ring_count && is_good; ray.hole++) {
        const double *own = outline->positions + 2 * (size_t)outline->ring_starts[ray.hole];
        ray.x = own[0], ray.y = own[1], ray.odd_count = 0;
        // Inside the shell, and inside nothing else.
        is_good = cast(&ray, outline->level_count - 1, 0) && ray.odd_count == 1 && ray.states[0] == 2 * (int64_t)ray.hole + 1;
    }
    free(ray.states);
    return is_good;
}
