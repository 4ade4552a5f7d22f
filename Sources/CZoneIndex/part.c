// One polygon: which edges lie about a latitude, and what they say of a place or a box.
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// More slabs than edges find nothing more; beyond this many the table no longer fits a processor's cache.
static const int32_t GREATEST_SLABS = 16384;
// Edges that reach over many slabs are listed in each: at most so many lists entries for an edge, on average.
static const int64_t ENTRIES_PER_EDGE = 6;
// A box is settled by its edges when its slabs hold no more than this; larger ones are a tree's inner nodes, whose
// children are asked next.
static const int32_t EDGES_PER_BOX = 256;

static int32_t slab_of(const part_t *part, double y) {
    // Monotonous, so that a latitude between an edge's ends falls into one of its slabs.
    double slab = (y - part->box.south) * part->slabs_per_degree;
    if (!(slab > 0)) return 0;
    return slab >= part->slab_count ? part->slab_count - 1 : (int32_t)slab;
}

static void choose_slabs(part_t *part, int32_t count, int32_t slabs) {
    double height = part->box.north - part->box.south;
    for (part->slab_count = slabs; part->slab_count > 1; part->slab_count /= 2) {
        part->slabs_per_degree = height > 0 ? part->slab_count / height : 0;
        int64_t entries = 0;
        for (int32_t i = 0; i < count; i++) {
            const edge_t *edge = &part->edges[i];
            entries += slab_of(part, most(edge->ay, edge->by)) - slab_of(part, least(edge->ay, edge->by)) + 1;
        }
        if (entries <= ENTRIES_PER_EDGE * count) return;
    }
    part->slab_count = 1;
    part->slabs_per_degree = 0;
}

static bool prepare_slabs(part_t *part, int32_t count) {
    choose_slabs(part, count, count < GREATEST_SLABS ? count : GREATEST_SLABS);
    part->slab_starts = calloc((size_t)part->slab_count + 1, sizeof(int32_t));
    if (part->slab_starts == NULL) return false;
    for (int32_t i = 0; i < count; i++) {
        const edge_t *edge = &part->edges[i];
        int32_t last = slab_of(part, most(edge->ay, edge->by));
        for (int32_t s = slab_of(part, least(edge->ay, edge->by)); s <= last; s++) part->slab_starts[s + 1]++;
    }
    for (int32_t s = 0; s < part->slab_count; s++) part->slab_starts[s + 1] += part->slab_starts[s];
    int32_t entries = part->slab_starts[part->slab_count];
    part->slab_edges = malloc(sizeof(int32_t) * (size_t)(entries > 0 ? entries : 1));
    int32_t *next = malloc(sizeof(int32_t) * (size_t)part->slab_count);
    if (part->slab_edges == NULL || next == NULL) {
        free(next);
        return false;
    }
    memcpy(next, part->slab_starts, sizeof(int32_t) * (size_t)part->slab_count);
    for (int32_t i = 0; i < count; i++) {
        const edge_t *edge = &part->edges[i];
        int32_t last = slab_of(part, most(edge->ay, edge->by));
        for (int32_t s = slab_of(part, least(edge->ay, edge->by)); s <= last; s++) part->slab_edges[next[s]++] = i;
    }
    free(next);
    return true;
}

bool part_prepare(part_t *part, const double *positions, const int32_t *ring_ends, int32_t first_ring,
                  int32_t ring_end, bool has_mask) {
    int32_t start = first_ring > 0 ? ring_ends[first_ring - 1] : 0;
    int32_t end = ring_ends[ring_end - 1];
    part->edges = malloc(sizeof(edge_t) * (size_t)(end > start ? end - start : 1));
    part->ring_starts = malloc(sizeof(int32_t) * (size_t)(ring_end - first_ring + 1));
    if (part->edges == NULL || part->ring_starts == NULL) return false;
    part->box = (box_t){positions[2 * start], positions[2 * start + 1], positions[2 * start], positions[2 * start + 1]};
    int32_t count = 0;
    for (int32_t ring = first_ring, i = start; ring < ring_end; ring++, i++) {
        part->ring_starts[part->ring_count++] = count;
        for (; i + 1 < ring_ends[ring]; i++) {
            const double *a = positions + 2 * (size_t)i;
            part->edges[count++] = (edge_t){a[0], a[1], a[2], a[3]};
            part->box.west = least(part->box.west, least(a[0], a[2]));
            part->box.east = most(part->box.east, most(a[0], a[2]));
            part->box.south = least(part->box.south, least(a[1], a[3]));
            part->box.north = most(part->box.north, most(a[1], a[3]));
        }
    }
    part->ring_starts[part->ring_count] = part->edge_count = count;
    return prepare_slabs(part, count) && (!has_mask || part_prepare_mask(part, count));
}

void part_free(part_t *part) {
    free(part->edges);
    free(part->ring_starts);
    free(part->slab_starts);
    free(part->slab_edges);
    free(part->sums);
}

bool part_contains_by_edges(const part_t *part, double x, double y) {
    if (!(part->box.west <= x && x <= part->box.east && part->box.south <= y && y <= part->box.north)) return false;
    int32_t slab = slab_of(part, y);
    bool is_inside = false;
    // A ray to the east: inside when it crosses an odd number of edges, each open at its northern end.
    for (int32_t i = part->slab_starts[slab]; i < part->slab_starts[slab + 1]; i++) {
        const edge_t *edge = &part->edges[part->slab_edges[i]];
        double south = least(edge->ay, edge->by), north = most(edge->ay, edge->by);
        if (y < south || y > north) continue;
        double west = least(edge->ax, edge->bx), east = most(edge->ax, edge->bx);
        if (x > east) continue;
        bool crosses = (edge->ay > y) != (edge->by > y);
        if (x < west) {
            is_inside ^= crosses;
            continue;
        }
        // Within the edge's own box, so that on its line means on the edge.
        int side = orientation(edge->ax, edge->ay, edge->bx, edge->by, x, y);
        if (side == 0) return true;
        // The edge is to the east when the place is on the left of it going north, on the right going south.
        if (crosses) is_inside ^= (side > 0) == (edge->by > edge->ay);
    }
    return is_inside;
}

void part_edges_between(const part_t *part, double south, double north, int32_t *start, int32_t *end) {
    *start = part->slab_starts[slab_of(part, south)];
    *end = part->slab_starts[slab_of(part, north) + 1];
}

/// Of a coordinate and one given doubled: below zero, zero or above it. The high part is the nearest double to the sum,
/// so the low one only counts when the others are equal.
static int compare(double coordinate, twice_t place) {
    double high = 2 * coordinate;
    if (high != place.high) return high < place.high ? -1 : 1;
    return (place.low < 0) - (place.low > 0);
}

int part_locate(const part_t *part, twice_t x, twice_t y) {
    // The slabs about the latitude: it may lie between two doubles that fall into different ones.
    double middle = y.high / 2;
    int32_t first = slab_of(part, nextafter(middle, -INFINITY)), last = slab_of(part, nextafter(middle, INFINITY));
    bool is_inside = false;
    for (int32_t slab = first; slab <= last; slab++) {
        for (int32_t i = part->slab_starts[slab]; i < part->slab_starts[slab + 1]; i++) {
            const edge_t *edge = &part->edges[part->slab_edges[i]];
            // Once only.
            if (slab > first && slab_of(part, least(edge->ay, edge->by)) < slab) continue;
            int a = compare(edge->ay, y), b = compare(edge->by, y);
            if (a == b && a != 0) continue;
            int c = compare(edge->ax, x), d = compare(edge->bx, x);
            if (c < 0 && d < 0) continue;
            bool crosses = (a > 0) != (b > 0);
            if (c > 0 && d > 0) {
                is_inside ^= crosses;
                continue;
            }
            int side = orientation_of_twice(edge->ax, edge->ay, edge->bx, edge->by, x, y);
            if (side == 0) return PLACE_ON_BOUNDARY;
            if (crosses) is_inside ^= (side > 0) == (b > a);
        }
    }
    return is_inside ? PLACE_INSIDE : PLACE_OUTSIDE;
}

/// Whether an edge may touch a box: never no wrongly.
static bool edge_meets(const edge_t *edge, const box_t *box) {
    if (least(edge->ax, edge->bx) > box->east || most(edge->ax, edge->bx) < box->west ||
        least(edge->ay, edge->by) > box->north || most(edge->ay, edge->by) < box->south)
        return false;
    // Apart when all four corners are strictly on one side of its line.
    int side = orientation(edge->ax, edge->ay, edge->bx, edge->by, box->west, box->south);
    return side == 0 || orientation(edge->ax, edge->ay, edge->bx, edge->by, box->east, box->south) != side ||
           orientation(edge->ax, edge->ay, edge->bx, edge->by, box->east, box->north) != side ||
           orientation(edge->ax, edge->ay, edge->bx, edge->by, box->west, box->north) != side;
}

int part_box(const part_t *part, const box_t *box) {
    if (!box_meets(&part->box, box)) return CZONE_OUTSIDE;
    int answer = part_box_by_mask(part, box);
    if (answer != CZONE_UNDECIDED) return answer;
    int32_t first = slab_of(part, most(box->south, part->box.south));
    int32_t last = slab_of(part, least(box->north, part->box.north));
    int32_t start = part->slab_starts[first], end = part->slab_starts[last + 1];
    if (end - start > EDGES_PER_BOX) return CZONE_UNDECIDED;
    for (int32_t i = start; i < end; i++) {
        if (edge_meets(&part->edges[part->slab_edges[i]], box)) return CZONE_UNDECIDED;
    }
    // No edge touches the box: all of it lies as one corner does.
    return part_contains_by_edges(part, box->west, box->south) ? CZONE_INSIDE : CZONE_OUTSIDE;
}

bool part_contains(const part_t *part, double x, double y) {
    box_t point = {x, y, x, y};
    if (!box_meets(&part->box, &point)) return false;
    int answer = part_box_by_mask(part, &point);
    return answer == CZONE_UNDECIDED ? part_contains_by_edges(part, x, y) : answer == CZONE_INSIDE;
}
