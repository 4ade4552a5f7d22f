// A quick proof that polygons are valid: rings that neither touch themselves nor each other, holes in their shells.
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Cells on a side; pairs of edges looked at, for each edge, before the proof is given up.
enum { MOST_CELLS = 1024, PAIRS_PER_EDGE = 64, LEAST_PAIRS = 100000, CROWD = 1024 };

// In cells: what is nearer to a cell than this counts as in it.
static const double MARGIN = 1e-6;

typedef struct {
    edge_t *edges;
    /// Of each edge: its ring, the edge that follows it there, and the run of edges it belongs to.
    int32_t *rings, *next, *runs;
    int32_t edge_count, ring_count;
    /// First edge of each ring.
    int32_t *ring_starts;
    box_t box;
    int32_t cells;
    double columns_per_degree, rows_per_degree;
    /// Edges by cell, row after row: where each cell's begin, one more at the end.
    int32_t *starts, *list;
} plane_t;

static int32_t cell_of(double place, int32_t cells) {
    if (!(place > 0)) return 0;
    return place >= cells ? cells - 1 : (int32_t)place;
}

static int32_t row_of(const plane_t *plane, double y, double margin) {
    return cell_of((y - plane->box.south) * plane->rows_per_degree + margin, plane->cells);
}

/// Edges in the cells that they may touch, edge after edge.
typedef struct {
    struct entry {
        int32_t cell, edge;
    } *list;
    size_t count, capacity;
} entries_t;

static bool note(entries_t *entries, int32_t row_start, int32_t first, int32_t last, int32_t edge) {
    size_t needed = entries->count + (size_t)(last - first + 1);
    if (needed > INT32_MAX / 2) return false;
    if (needed > entries->capacity) {
        size_t capacity = most(2 * entries->capacity, needed);
        struct entry *moved = realloc(entries->list, capacity * sizeof(struct entry));
        if (moved == NULL) return false;
        entries->list = moved;
        entries->capacity = capacity;
    }
    for (int32_t column = first; column <= last; column++) {
        entries->list[entries->count++] = (struct entry){row_start + column, edge};
    }
    return true;
}

/// Notes every cell that an edge may touch.
static bool note_cells(const plane_t *plane, entries_t *entries, int32_t number) {
    const edge_t *edge = &plane->edges[number];
    double ax = (edge->ax - plane->box.west) * plane->columns_per_degree;
    double ay = (edge->ay - plane->box.south) * plane->rows_per_degree;
    double bx = (edge->bx - plane->box.west) * plane->columns_per_degree;
    double by = (edge->by - plane->box.south) * plane->rows_per_degree;
    double west = least(ax, bx), east = most(ax, bx), south = least(ay, by), north = most(ay, by);
    // Flatter edges are taken for as wide as they are in every row.
    bool is_flat = north - south < 1e-3;
    double slope = is_flat ? 0 : (bx - ax) / (by - ay);
    int32_t last_row = cell_of(north + MARGIN, plane->cells);
    for (int32_t row = cell_of(south - MARGIN, plane->cells); row <= last_row; row++) {
        double from = west, to = east;
        if (!is_flat) {
            double x1 = ax + (most(south, row - MARGIN) - ay) * slope;
            double x2 = ax + (least(north, row + 1 + MARGIN) - ay) * slope;
            from = most(from, least(x1, x2));
            to = least(to, most(x1, x2));
        }
        int32_t first = cell_of(from - MARGIN, plane->cells), last = cell_of(to + MARGIN, plane->cells);
        if (!note(entries, row * plane->cells, first, last, number)) return false;
    }
    return true;
}

/// Lists the edges of each cell.
static bool lay(plane_t *plane) {
    size_t count = (size_t)plane->cells * (size_t)plane->cells;
    entries_t entries = {NULL, 0, 0};
    bool is_done = true;
    for (int32_t i = 0; i < plane->edge_count && is_done; i++) is_done = note_cells(plane, &entries, i);
    plane->starts = calloc(count + 2, sizeof(int32_t));
    plane->list = malloc(sizeof(int32_t) * (entries.count > 0 ? entries.count : 1));
    is_done = is_done && plane->starts != NULL && plane->list != NULL;
    if (is_done) {
        // The counts stand two places on, so that filling leaves the starts.
        for (size_t i = 0; i < entries.count; i++) plane->starts[entries.list[i].cell + 2]++;
        for (size_t cell = 1; cell < count; cell++) plane->starts[cell + 1] += plane->starts[cell];
        for (size_t i = 0; i < entries.count; i++) {
            plane->list[plane->starts[entries.list[i].cell + 1]++] = entries.list[i].edge;
        }
    }
    free(entries.list);
    return is_done;
}

/// Whether two edges have no place in common, but the vertex between them where one follows the other.
static bool apart(const plane_t *plane, int32_t i, int32_t j) {
    const edge_t *a = &plane->edges[i], *b = &plane->edges[j];
    if (plane->next[j] == i) {
        const edge_t *swap = a;
        a = b;
        b = swap;
    } else if (plane->next[i] != j) {
        if (most(a->ax, a->bx) < least(b->ax, b->bx) || most(b->ax, b->bx) < least(a->ax, a->bx) ||
            most(a->ay, a->by) < least(b->ay, b->by) || most(b->ay, b->by) < least(a->ay, a->by))
            return true;
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

typedef double both_t __attribute__((vector_size(16)));

/// Both ends of an edge.
typedef struct {
    both_t x, y;
} ends_t;

/// Whether both ends of one edge are seen to lie on the same side of another's line: as `orientation`'s filter does, for
/// two places at once.
static inline bool are_aside(const ends_t *edge, const ends_t *other) {
    both_t left = (edge->x[0] - other->x) * (edge->y[1] - other->y);
    both_t right = (edge->y[0] - other->y) * (edge->x[1] - other->x);
    both_t side = left - right;
    double first = fabs(side[0]) - ORIENTATION_FILTER * (fabs(left[0]) + fabs(right[0]));
    double second = fabs(side[1]) - ORIENTATION_FILTER * (fabs(left[1]) + fabs(right[1]));
    return (first > 0) & (second > 0) & (signbit(side[0]) == signbit(side[1]));
}

static bool are_apart(const plane_t *plane) {
    int64_t left = LEAST_PAIRS + (int64_t)PAIRS_PER_EDGE * plane->edge_count;
    size_t count = (size_t)plane->cells * (size_t)plane->cells;
    // The edges of one cell side by side: a thousand are more than most cells have.
    ends_t ends[CROWD];
    int32_t others[CROWD];
    for (size_t cell = 0; cell < count; cell++) {
        int32_t start = plane->starts[cell], end = plane->starts[cell + 1], crowd = end - start;
        if (crowd < 2) continue;
        if (crowd > CROWD) {
            if ((left -= (int64_t)crowd * (crowd - 1) / 2) < 0) return false;
            for (int32_t i = start; i < end; i++) {
                for (int32_t j = i + 1; j < end; j++) {
                    if (!apart(plane, plane->list[i], plane->list[j])) return false;
                }
            }
            continue;
        }
        // A cell lists its edges in their order, so those of a run stand together.
        for (int32_t i = crowd - 1; i >= 0; i--) {
            int32_t number = plane->list[start + i];
            const edge_t *edge = &plane->edges[number];
            ends[i] = (ends_t){{edge->ax, edge->bx}, {edge->ay, edge->by}};
            bool ends_run = i + 1 == crowd || plane->runs[plane->list[start + i + 1]] != plane->runs[number];
            others[i] = ends_run ? i + 1 : others[i + 1];
            if ((left -= crowd - others[i]) < 0) return false;
        }
        for (int32_t i = 0; i < crowd; i++) {
            for (int32_t j = others[i]; j < crowd; j++) {
                if (are_aside(&ends[i], &ends[j]) || are_aside(&ends[j], &ends[i])) continue;
                if (!apart(plane, plane->list[start + i], plane->list[start + j])) return false;
            }
        }
    }
    return true;
}

/// Whether each hole lies in the shell and in no other hole: for rings that are apart, one vertex of each tells.
static bool are_nested_well(const plane_t *plane, int32_t *seen, int32_t *parity) {
    int64_t left = LEAST_PAIRS + (int64_t)PAIRS_PER_EDGE * plane->edge_count;
    for (int32_t hole = 1; hole < plane->ring_count; hole++) {
        const edge_t *own = &plane->edges[plane->ring_starts[hole]];
        double x = own->ax, y = own->ay;
        memset(parity, 0, sizeof(int32_t) * (size_t)plane->ring_count);
        if ((left -= plane->ring_count) < 0) return false;
        int32_t row = row_of(plane, y, 0);
        // The cell that the place is taken for may differ from the edges' by rounding: one further west.
        int32_t column = cell_of((x - plane->box.west) * plane->columns_per_degree - 1, plane->cells);
        for (; column < plane->cells; column++) {
            size_t cell = (size_t)row * (size_t)plane->cells + (size_t)column;
            if ((left -= 1 + plane->starts[cell + 1] - plane->starts[cell]) < 0) return false;
            for (int32_t i = plane->starts[cell]; i < plane->starts[cell + 1]; i++) {
                int32_t number = plane->list[i];
                const edge_t *edge = &plane->edges[number];
                if (seen[number] == hole || plane->rings[number] == hole) continue;
                seen[number] = hole;
                if ((edge->ay > y) == (edge->by > y)) continue;
                int side = orientation(edge->ax, edge->ay, edge->bx, edge->by, x, y);
                // To the east of the place, as in part_contains_by_edges.
                if ((side > 0) == (edge->by > edge->ay)) parity[plane->rings[number]] ^= 1;
            }
        }
        if (parity[0] != 1) return false;
        for (int32_t ring = 1; ring < plane->ring_count; ring++) {
            if (parity[ring] != 0) return false;
        }
    }
    return true;
}

/// Whether one edge goes on to the same side as the one before it, in both directions. A run of such edges never meets
/// itself: each place on it is further that way than those before.
static bool goes_on(const edge_t *before, const edge_t *edge) {
    return (before->bx >= before->ax) == (edge->bx >= edge->ax) && (before->bx <= before->ax) == (edge->bx <= edge->ax) &&
           (before->by >= before->ay) == (edge->by >= edge->ay) && (before->by <= before->ay) == (edge->by <= edge->ay);
}

/// Edges without those that have no length. Returns false for a ring that is open or has fewer than three edges.
static bool take_edges(plane_t *plane, const double *positions, const int32_t *ring_ends, int32_t first_ring,
                       int32_t ring_end) {
    plane->box = (box_t){INFINITY, INFINITY, -INFINITY, -INFINITY};
    int32_t run = 0;
    for (int32_t ring = first_ring; ring < ring_end; ring++) {
        int32_t start = ring > 0 ? ring_ends[ring - 1] : 0, end = ring_ends[ring];
        if (end - start < 4) return false;
        const double *first = positions + 2 * (size_t)start, *last = positions + 2 * (size_t)(end - 1);
        if (first[0] != last[0] || first[1] != last[1]) return false;
        int32_t begin = plane->edge_count;
        for (int32_t i = start; i + 1 < end; i++) {
            const double *a = positions + 2 * (size_t)i, *b = a + 2;
            if (!isfinite(a[0]) || !isfinite(a[1])) return false;
            if (a[0] == b[0] && a[1] == b[1]) continue;
            plane->rings[plane->edge_count] = ring - first_ring;
            plane->next[plane->edge_count] = plane->edge_count + 1;
            plane->edges[plane->edge_count] = (edge_t){a[0], a[1], b[0], b[1]};
            const edge_t *edge = &plane->edges[plane->edge_count];
            if (plane->edge_count == begin || !goes_on(edge - 1, edge)) run++;
            plane->runs[plane->edge_count++] = run;
            plane->box.west = least(plane->box.west, a[0]);
            plane->box.east = most(plane->box.east, a[0]);
            plane->box.south = least(plane->box.south, a[1]);
            plane->box.north = most(plane->box.north, a[1]);
        }
        if (plane->edge_count - begin < 3) return false;
        plane->next[plane->edge_count - 1] = begin;
        plane->ring_starts[plane->ring_count++] = begin;
    }
    return true;
}

static bool is_plainly_valid(const double *positions, const int32_t *ring_ends, int32_t first_ring, int32_t ring_end) {
    int32_t start = first_ring > 0 ? ring_ends[first_ring - 1] : 0;
    size_t most_edges = (size_t)(ring_ends[ring_end - 1] - start), rings = (size_t)(ring_end - first_ring);
    plane_t plane = {0};
    plane.edges = malloc(most_edges * sizeof(edge_t));
    plane.rings = malloc(most_edges * sizeof(int32_t));
    plane.next = malloc(most_edges * sizeof(int32_t));
    plane.runs = malloc(most_edges * sizeof(int32_t));
    plane.ring_starts = malloc(rings * sizeof(int32_t));
    int32_t *seen = calloc(most_edges, sizeof(int32_t)), *parity = calloc(rings, sizeof(int32_t));
    bool is_valid = plane.edges != NULL && plane.rings != NULL && plane.next != NULL && plane.runs != NULL && plane.ring_starts != NULL &&
                    seen != NULL && parity != NULL &&
                    take_edges(&plane, positions, ring_ends, first_ring, ring_end);
    double width = plane.box.east - plane.box.west, height = plane.box.north - plane.box.south;
    // What is thinner is left to others.
    is_valid = is_valid && width > 1e-9 && height > 1e-9;
    if (is_valid) {
        double side = ceil(2 * sqrt((double)plane.edge_count));
        plane.cells = side > MOST_CELLS ? MOST_CELLS : (int32_t)side;
        plane.columns_per_degree = plane.cells / width;
        plane.rows_per_degree = plane.cells / height;
        is_valid = lay(&plane) && are_apart(&plane) && are_nested_well(&plane, seen, parity);
    }
    free(plane.edges);
    free(plane.rings);
    free(plane.next);
    free(plane.runs);
    free(plane.ring_starts);
    free(plane.starts);
    free(plane.list);
    free(seen);
    free(parity);
    return is_valid;
}

int czone_is_plainly_valid(const double *positions, const int32_t *ring_ends, const int32_t *polygon_ends,
                           int32_t polygon_count) {
    for (int32_t polygon = 0; polygon < polygon_count; polygon++) {
        int32_t first = polygon > 0 ? polygon_ends[polygon - 1] : 0;
        if (!is_plainly_valid(positions, ring_ends, first, polygon_ends[polygon])) return 0;
    }
    return polygon_count > 0;
}
