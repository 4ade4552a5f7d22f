// The edges of a polygon under a tree of boxes, and what they say of a place or a box.
#include "internal.h"

#include <math.h>
#include <stdlib.h>

/// The children of a node, which are on the level below.
typedef struct {
    int32_t first, end;
    const box_t *boxes;
    const uint8_t *marks;
} children_t;

static children_t children_of(const outline_t *outline, int level, int32_t index) {
    int32_t below = outline->level_starts[level - 1], first = index * OUTLINE_BRANCHES;
    int32_t end = first + OUTLINE_BRANCHES, count = outline->level_counts[level - 1];
    return (children_t){first, end < count ? end : count, outline->boxes + below, outline->marks + below};
}

static void close_leaf(outline_t *outline, int32_t leaf) {
    int32_t first = leaf * OUTLINE_BRANCHES, last = first + OUTLINE_BRANCHES;
    if (last >= outline->vertex_count) last = outline->vertex_count - 1;
    const double *position = outline->positions + 2 * (size_t)first;
    box_t box = {position[0], position[1], position[0], position[1]};
    for (int32_t i = first; i < last; i++) {
        position += 2;
        box.west = least(box.west, position[0]);
        box.east = most(box.east, position[0]);
        box.south = least(box.south, position[1]);
        box.north = most(box.north, position[1]);
    }
    outline->boxes[leaf] = box;
    outline->marks[leaf] = (uint8_t)((1u << (last - first)) - 1);
}

static void close_node(outline_t *outline, int level, int32_t index) {
    children_t children = children_of(outline, level, index);
    box_t box = children.boxes[children.first];
    uint8_t mark = children.end - children.first == OUTLINE_BRANCHES ? OUTLINE_WHOLE : 0;
    for (int32_t child = children.first; child < children.end; child++) {
        const box_t *other = &children.boxes[child];
        box.west = least(box.west, other->west);
        box.east = most(box.east, other->east);
        box.south = least(box.south, other->south);
        box.north = most(box.north, other->north);
        if (children.marks[child] != OUTLINE_WHOLE) mark = 0;
    }
    outline->boxes[outline->level_starts[level] + index] = box;
    outline->marks[outline->level_starts[level] + index] = mark;
}

bool outline_prepare(outline_t *outline, const double *positions, const int32_t *ring_ends, int32_t first_ring,
                     int32_t ring_end) {
    int32_t start = first_ring > 0 ? ring_ends[first_ring - 1] : 0;
    outline->positions = positions + 2 * (size_t)start;
    outline->vertex_count = ring_ends[ring_end - 1] - start;
    outline->ring_count = ring_end - first_ring;
    int32_t total = 0, count = (outline->vertex_count - 1 + OUTLINE_BRANCHES - 1) / OUTLINE_BRANCHES;
    if (outline->vertex_count < 2) return false;
    for (;; count = (count + OUTLINE_BRANCHES - 1) / OUTLINE_BRANCHES) {
        outline->level_starts[outline->level_count] = total;
        outline->level_counts[outline->level_count++] = count;
        total += count;
        if (count <= 1) break;
    }
    // One block: a zone may have a hundred thousand polygons.
    size_t rings = sizeof(int32_t) * ((size_t)outline->ring_count + 1);
    outline->boxes = malloc((sizeof(box_t) + 1) * (size_t)total + rings);
    if (outline->boxes == NULL) return false;
    outline->ring_starts = (int32_t *)(outline->boxes + total);
    outline->marks = (uint8_t *)(outline->ring_starts + outline->ring_count + 1);
    outline->ring_starts[0] = 0;
    for (int32_t ring = 0; ring < outline->ring_count; ring++) {
        outline->ring_starts[ring + 1] = ring_ends[first_ring + ring] - start;
    }
    for (int32_t leaf = 0; leaf < outline->level_counts[0]; leaf++) close_leaf(outline, leaf);
    // No edge begins where a ring ends.
    for (int32_t ring = 1; ring < outline->ring_count; ring++) {
        int32_t last = outline->ring_starts[ring] - 1;
        // An empty ring at the end has no leaf of its own.
        if (last >= 0 && last / OUTLINE_BRANCHES < outline->level_counts[0]) outline->marks[last / OUTLINE_BRANCHES] &= (uint8_t)~(1u << last % OUTLINE_BRANCHES);
    }
    for (int level = 1; level < outline->level_count; level++) {
        for (int32_t i = 0; i < outline->level_counts[level]; i++) close_node(outline, level, i);
    }
    return true;
}

void outline_free(outline_t *outline) { free(outline->boxes); }

int32_t outline_ring(const outline_t *outline, int32_t vertex) {
    int32_t low = 0, high = outline->ring_count - 1;
    while (low < high) {
        int32_t ring = (low + high) / 2;
        if (outline->ring_starts[ring + 1] > vertex) high = ring;
        else low = ring + 1;
    }
    return low;
}

bool outline_chain(const outline_t *outline, int level, int32_t index, const double **first, const double **last) {
    if (outline->marks[outline->level_starts[level] + index] != OUTLINE_WHOLE) return false;
    int shift = OUTLINE_BRANCH_BITS * (level + 1);
    *first = outline->positions + 2 * ((size_t)index << shift);
    *last = outline->positions + 2 * (((size_t)index + 1) << shift);
    return true;
}

/// What a ray to the east meets: an even or odd number of edges, or the place is on an edge.
enum { EVEN = 0, ODD = 1, ON_EDGE = 2 };

static int cross_leaf(const outline_t *outline, int32_t leaf, double x, double y) {
    const edge_t *edge = outline_edge(outline, leaf * OUTLINE_BRANCHES);
    int parity = EVEN;
    for (unsigned bits = outline->marks[leaf]; bits != 0; bits >>= 1, edge = edge_after(edge)) {
        if (!(bits & 1)) continue;
        double south = least(edge->ay, edge->by), north = most(edge->ay, edge->by);
        if (y < south || y > north) continue;
        double west = least(edge->ax, edge->bx), east = most(edge->ax, edge->bx);
        if (x > east) continue;
        // Each edge is open at its northern end.
        bool crosses = (edge->ay > y) != (edge->by > y);
        if (x < west) {
            parity ^= crosses;
            continue;
        }
        // Within the edge's own box, so that on its line means on the edge.
        int side = orientation(edge->ax, edge->ay, edge->bx, edge->by, x, y);
        if (side == 0) return ON_EDGE;
        // The edge is to the east when the place is on the left of it going north, on the right going south.
        if (crosses) parity ^= (side > 0) == (edge->by > edge->ay);
    }
    return parity;
}

static int cross_node(const outline_t *outline, int level, int32_t index, double x, double y) {
    if (level == 0) return cross_leaf(outline, index, x, y);
    children_t children = children_of(outline, level, index);
    int parity = EVEN;
    for (int32_t child = children.first; child < children.end; child++) {
        const box_t *box = &children.boxes[child];
        if (box->south > y || box->north < y || box->east < x) continue;
        const double *first, *last;
        if (box->west > x && outline_chain(outline, level - 1, child, &first, &last)) {
            // To the east of the place as a whole: its ends tell.
            parity ^= (first[1] > y) != (last[1] > y);
            continue;
        }
        int found = cross_node(outline, level - 1, child, x, y);
        if (found == ON_EDGE) return ON_EDGE;
        parity ^= found;
    }
    return parity;
}

bool outline_contains(const outline_t *outline, double x, double y) {
    const box_t *box = outline_box(outline);
    if (!(box->west <= x && x <= box->east && box->south <= y && y <= box->north)) return false;
    return cross_node(outline, outline->level_count - 1, 0, x, y) != EVEN;
}

/// Of a coordinate and one given doubled: below zero, zero or above it. The high part is the nearest double to the sum,
/// so the low one only counts when the others are equal.
static int compare(double coordinate, twice_t place) {
    double high = 2 * coordinate;
    if (high != place.high) return high < place.high ? -1 : 1;
    return (place.low < 0) - (place.low > 0);
}

static int cross_leaf_twice(const outline_t *outline, int32_t leaf, twice_t x, twice_t y) {
    const edge_t *edge = outline_edge(outline, leaf * OUTLINE_BRANCHES);
    int parity = EVEN;
    for (unsigned bits = outline->marks[leaf]; bits != 0; bits >>= 1, edge = edge_after(edge)) {
        if (!(bits & 1)) continue;
        int a = compare(edge->ay, y), b = compare(edge->by, y);
        if (a == b && a != 0) continue;
        int c = compare(edge->ax, x), d = compare(edge->bx, x);
        if (c < 0 && d < 0) continue;
        bool crosses = (a > 0) != (b > 0);
        if (c > 0 && d > 0) {
            parity ^= crosses;
            continue;
        }
        int side = orientation_of_twice(edge->ax, edge->ay, edge->bx, edge->by, x, y);
        if (side == 0) return ON_EDGE;
        if (crosses) parity ^= (side > 0) == (b > a);
    }
    return parity;
}

static int cross_node_twice(const outline_t *outline, int level, int32_t index, twice_t x, twice_t y) {
    const box_t *box = &outline->boxes[outline->level_starts[level] + index];
    if (compare(box->south, y) > 0 || compare(box->north, y) < 0 || compare(box->east, x) < 0) return EVEN;
    const double *first, *last;
    if (compare(box->west, x) > 0 && outline_chain(outline, level, index, &first, &last)) {
        return (compare(first[1], y) > 0) != (compare(last[1], y) > 0);
    }
    if (level == 0) return cross_leaf_twice(outline, index, x, y);
    children_t children = children_of(outline, level, index);
    int parity = EVEN;
    for (int32_t child = children.first; child < children.end; child++) {
        int found = cross_node_twice(outline, level - 1, child, x, y);
        if (found == ON_EDGE) return ON_EDGE;
        parity ^= found;
    }
    return parity;
}

int outline_locate(const outline_t *outline, twice_t x, twice_t y) {
    switch (cross_node_twice(outline, outline->level_count - 1, 0, x, y)) {
    case EVEN: return PLACE_OUTSIDE;
    case ODD: return PLACE_INSIDE;
    default: return PLACE_ON_BOUNDARY;
    }
}

/// Whether an edge may touch a box that its own meets: never no wrongly.
static bool edge_meets(const edge_t *edge, const box_t *box) {
    // Apart when all four corners are strictly on one side of its line.
    int side = orientation(edge->ax, edge->ay, edge->bx, edge->by, box->west, box->south);
    return side == 0 || orientation(edge->ax, edge->ay, edge->bx, edge->by, box->east, box->south) != side ||
           orientation(edge->ax, edge->ay, edge->bx, edge->by, box->east, box->north) != side ||
           orientation(edge->ax, edge->ay, edge->bx, edge->by, box->west, box->north) != side;
}

static bool node_meets(const outline_t *outline, int level, int32_t index, const box_t *box) {
    if (level == 0) {
        const edge_t *edge = outline_edge(outline, index * OUTLINE_BRANCHES);
        for (unsigned bits = outline->marks[index]; bits != 0; bits >>= 1, edge = edge_after(edge)) {
            if (!(bits & 1)) continue;
            box_t bounds = box_of(edge);
            if (box_meets(&bounds, box) && edge_meets(edge, box)) return true;
        }
        return false;
    }
    children_t children = children_of(outline, level, index);
    for (int32_t child = children.first; child < children.end; child++) {
        if (!box_meets(&children.boxes[child], box)) continue;
        // All of these edges and more.
        if (box_holds(box, &children.boxes[child])) return true;
        if (node_meets(outline, level - 1, child, box)) return true;
    }
    return false;
}

bool outline_meets(const outline_t *outline, const box_t *box) {
    return box_meets(outline_box(outline), box) && node_meets(outline, outline->level_count - 1, 0, box);
}

static bool each_edge(const outline_t *outline, int level, int32_t index, const box_t *box,
                      bool (*visit)(void *, const edge_t *), void *context) {
    if (level == 0) {
        const edge_t *edge = outline_edge(outline, index * OUTLINE_BRANCHES);
        for (unsigned bits = outline->marks[index]; bits != 0; bits >>= 1, edge = edge_after(edge)) {
            if (!(bits & 1)) continue;
            box_t bounds = box_of(edge);
            if (box_meets(&bounds, box) && !visit(context, edge)) return false;
        }
        return true;
    }
    children_t children = children_of(outline, level, index);
    for (int32_t child = children.first; child < children.end; child++) {
        if (box_meets(&children.boxes[child], box) && !each_edge(outline, level - 1, child, box, visit, context)) {
            return false;
        }
    }
    return true;
}

bool outline_each_edge(const outline_t *outline, const box_t *box, bool (*visit)(void *context, const edge_t *edge),
                       void *context) {
    return !box_meets(outline_box(outline), box) ||
           each_edge(outline, outline->level_count - 1, 0, box, visit, context);
}
