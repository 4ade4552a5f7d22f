// A quick proof that a polygon is valid: rings that neither touch themselves nor each other, holes in their shells.
#include "internal.h"

#include <math.h>
#include <stdlib.h>

// Comparisons of boxes or edges, for each edge, before the proof is given up.
enum { COMPARISONS_PER_EDGE = 64, LEAST_COMPARISONS = 100000 };
// Thinner ones, in degrees, are left to others, who compute the ground they enclose.
static const double LEAST_SIDE = 1e-9;

typedef struct {
    const outline_t *outline;
    /// Of each edge the run it belongs to: see `find_runs`.
    int32_t *runs;
    int64_t left;
} proof_t;

static bool has_length(const edge_t *edge) { return edge->ax != edge->bx || edge->ay != edge->by; }

/// Whether rings are closed and have three edges at least.
static bool are_rings(const outline_t *outline) {
    for (int32_t ring = 0; ring < outline->ring_count; ring++) {
        int32_t start = outline->ring_starts[ring], last = outline->ring_starts[ring + 1] - 1, count = 0;
        if (last - start < 3) return false;
        const double *a = outline->positions + 2 * (size_t)start, *b = outline->positions + 2 * (size_t)last;
        if (a[0] != b[0] || a[1] != b[1]) return false;
        for (int32_t i = start; i < last && count < 3; i++) count += has_length(outline_edge(outline, i));
        if (count < 3) return false;
    }
    return true;
}

// MARK: Runs

/// The direction of an edge, and the sum of its sides.
typedef struct {
    double x, y, size;
} direction_t;

static double cross(const direction_t *a, const direction_t *b) { return a->x * b->y - a->y * b->x; }
static double dot(const direction_t *a, const direction_t *b) { return a->x * b->x + a->y * b->y; }

// For each unit of both sizes. An angle as small may be none: far more than what rounding adds to it. And the least that a
// cone must fall short of a half circle, far more than that again.
static const double DOUBT = 1e-12, SHORTFALL = 1e-6;
// Degrees. The products of shorter ones lose their digits.
static const double LEAST_LENGTH = 1e-100;

/// Whether the first direction is not to the left of the second, or no more than rounding, where neither points the other way.
static bool is_right_of(const direction_t *a, const direction_t *b) { return cross(a, b) >= -DOUBT * a->size * b->size; }

/// Whether all directions from the first, turning left to the second, make less than a half circle: given that they make
/// less than a whole one.
static bool is_cone(const direction_t *a, const direction_t *b) {
    double limit = a->size * b->size;
    return cross(a, b) > SHORTFALL * limit || (dot(a, b) > 0 && cross(a, b) >= -DOUBT * limit);
}

/// Numbers the runs of edges whose directions lie in a cone of less than a half circle. Along its middle each place of
/// such a run is further than all before it: so a run never meets itself.
static void find_runs(proof_t *proof) {
    const outline_t *outline = proof->outline;
    int32_t run = 0;
    for (int32_t ring = 0; ring < outline->ring_count; ring++) {
        int32_t start = outline->ring_starts[ring], last = outline->ring_starts[ring + 1] - 1;
        // The cone, from its right side to its left.
        direction_t right = {0, 0, 0}, left = right;
        run++;
        for (int32_t i = start; i < last; i++) {
            const edge_t *edge = outline_edge(outline, i);
            direction_t next = {edge->bx - edge->ax, edge->by - edge->ay, 0};
            next.size = fabs(next.x) + fabs(next.y);
            if (next.size > 0) {
                bool is_after = is_right_of(&right, &next), is_before = is_right_of(&next, &left);
                if (next.size < LEAST_LENGTH || right.size < LEAST_LENGTH) {
                    right = left = next;
                    run++;
                } else if (is_after && is_before && (dot(&right, &next) > 0 || dot(&left, &next) > 0)) {
                    // Within.
                } else if (!is_after && is_cone(&next, &left)) {
                    right = next;
                } else if (!is_before && is_cone(&right, &next)) {
                    left = next;
                } else {
                    right = left = next;
                    run++;
                }
            }
            proof->runs[i] = run;
        }
        proof->runs[last] = run;
    }
}

// MARK: Edges

/// The edge that follows one in its ring; those without length are passed over.
static int32_t following(const outline_t *outline, int32_t number) {
    int32_t ring = outline_ring(outline, number), next = number;
    int32_t start = outline->ring_starts[ring], last = outline->ring_starts[ring + 1] - 1;
    do next = next + 1 < last ? next + 1 : start;
    while (!has_length(outline_edge(outline, next)));
    return next;
}

/// Whether two edges have no place in common, but the vertex between them where one follows the other.
static bool apart(const outline_t *outline, int32_t i, int32_t j) {
    const edge_t *a = outline_edge(outline, i), *b = outline_edge(outline, j);
    if (following(outline, j) == i) {
        const edge_t *swap = a;
        a = b;
        b = swap;
    } else if (following(outline, i) != j) {
        int c = orientation(a->ax, a->ay, a->bx, a->by, b->ax, b->ay);
        if (c != 0 && c == orientation(a->ax, a->ay, a->bx, a->by, b->bx, b->by)) return true;
        int d = orientation(b->ax, b->ay, b->bx, b->by, a->ax, a->ay);
        return d != 0 && d == orientation(b->ax, b->ay, b->bx, b->by, a->bx, a->by);
    }
    // b follows a: together they are straight on, or bend; a spike turns back on its own line.
    if (orientation(a->ax, a->ay, a->bx, a->by, b->bx, b->by) != 0) return true;
    return (a->bx - a->ax > 0) == (b->bx - b->ax > 0) && (a->bx - a->ax < 0) == (b->bx - b->ax < 0) &&
           (a->by - a->ay > 0) == (b->by - b->ay > 0) && (a->by - a->ay < 0) == (b->by - b->ay < 0);
}

/// Whether both ends of one edge are seen to lie on the same side of another's line: as `orientation`'s filter does.
static inline bool are_aside(const edge_t *edge, const edge_t *other) {
    double left_a = (edge->ax - other->ax) * (edge->by - other->ay), right_a = (edge->ay - other->ay) * (edge->bx - other->ax);
    double left_b = (edge->ax - other->bx) * (edge->by - other->by), right_b = (edge->ay - other->by) * (edge->bx - other->bx);
    double a = left_a - right_a, b = left_b - right_b;
    bool is_sure = (fabs(a) > ORIENTATION_FILTER * (fabs(left_a) + fabs(right_a))) &
                   (fabs(b) > ORIENTATION_FILTER * (fabs(left_b) + fabs(right_b)));
    return is_sure & (signbit(a) == signbit(b));
}

/// The vertices of a leaf.
static int32_t first_of(int32_t leaf) { return leaf * OUTLINE_BRANCHES; }

/// Whether the edges of two leaves are apart, or those of one.
static bool leaves_are_apart(proof_t *proof, int32_t one, int32_t other) {
    const outline_t *outline = proof->outline;
    const box_t *reach = &outline->boxes[other];
    for (int32_t i = first_of(one); i < first_of(one + 1); i++) {
        if (!(outline->marks[one] >> (i - first_of(one)) & 1)) continue;
        const edge_t *a = outline_edge(outline, i);
        box_t box = box_of(a);
        if (!box_meets(&box, reach) || !has_length(a)) continue;
        for (int32_t j = one == other ? i + 1 : first_of(other); j < first_of(other + 1); j++) {
            if (!(outline->marks[other] >> (j - first_of(other)) & 1) || proof->runs[i] == proof->runs[j]) continue;
            const edge_t *b = outline_edge(outline, j);
            box_t bounds = box_of(b);
            if (!box_meets(&box, &bounds) || are_aside(a, b) || are_aside(b, a) || !has_length(b)) continue;
            if (!apart(outline, i, j)) return false;
        }
    }
    proof->left -= one == other ? OUTLINE_BRANCHES * OUTLINE_BRANCHES / 2 : OUTLINE_BRANCHES * OUTLINE_BRANCHES;
    return proof->left >= 0;
}

/// The last vertex at which an edge under a node may begin.
static int32_t last_of(const outline_t *outline, int level, int32_t index) {
    int64_t end = ((int64_t)index + 1) << OUTLINE_BRANCH_BITS * (level + 1);
    return end < outline->vertex_count ? (int32_t)end - 1 : outline->vertex_count - 1;
}

/// Whether all edges under two nodes are of one run: those between them are, too.
static bool is_one_run(const proof_t *proof, int level, int32_t first, int32_t last) {
    int32_t start = first << OUTLINE_BRANCH_BITS * (level + 1);
    return proof->runs[start] == proof->runs[last_of(proof->outline, level, last)];
}

static bool are_apart(proof_t *proof, int level, int32_t one, int32_t other);

/// Whether the edges under one node that meet a box are apart from those under another that meet one.
static bool children_are_apart(proof_t *proof, int level, int32_t one, int32_t other) {
    const outline_t *outline = proof->outline;
    const box_t *boxes = outline->boxes + outline->level_starts[level], *below = outline->boxes + outline->level_starts[level - 1];
    int32_t count = outline->level_counts[level - 1];
    int32_t end = (one + 1) * OUTLINE_BRANCHES, other_end = (other + 1) * OUTLINE_BRANCHES;
    for (int32_t i = one * OUTLINE_BRANCHES; i < end && i < count; i++) {
        if (!box_meets(&below[i], &boxes[other])) continue;
        for (int32_t j = one == other ? i : other * OUTLINE_BRANCHES; j < other_end && j < count; j++) {
            if (!are_apart(proof, level - 1, i, j)) return false;
        }
    }
    return true;
}

/// Whether the edges under two nodes of a level are apart, or those under one; the first is not behind the other.
static bool are_apart(proof_t *proof, int level, int32_t one, int32_t other) {
    const box_t *boxes = proof->outline->boxes + proof->outline->level_starts[level];
    if (proof->left-- < 0) return false;
    if (!box_meets(&boxes[one], &boxes[other]) || is_one_run(proof, level, one, other)) return true;
    return level == 0 ? leaves_are_apart(proof, one, other) : children_are_apart(proof, level, one, other);
}

bool outline_is_plainly_valid(const outline_t *outline) {
    const box_t *box = outline_box(outline);
    if (!(box->east - box->west > LEAST_SIDE && box->north - box->south > LEAST_SIDE) || !are_rings(outline)) return false;
    proof_t proof = {outline, malloc(sizeof(int32_t) * (size_t)outline->vertex_count),
                     LEAST_COMPARISONS + COMPARISONS_PER_EDGE * (int64_t)outline->vertex_count};
    if (proof.runs == NULL) return false;
    find_runs(&proof);
    bool is_valid = are_apart(&proof, outline->level_count - 1, 0, 0);
    free(proof.runs);
    return is_valid && outline_is_nested_well(outline, proof.left);
}
