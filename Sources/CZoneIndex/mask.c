// Cells over a polygon's box, so that most places and boxes are settled without looking at an edge.
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Four cells on a side for the root of the number of edges: preparing it then costs as much as a few looks at each edge.
static const double CELLS_PER_ROOT = 4;
static const int32_t MOST_CELLS = 512;
// Fewer edges than this are looked at as quickly as a mask; a zone may have a hundred thousand such polygons.
static const int32_t FEWEST_EDGES = 13;

// In cells. Coordinates in cells are right to 1e-12; what is nearer to a cell than this counts as touching it.
static const double MARGIN = 1e-6;
// In cells: an edge that climbs less than this is taken for as wide as it is in every row it touches.
static const double LEAST_RISE = 1e-3;

enum { OUTSIDE = 0, BOUNDARY = 1, INSIDE = 2, UNKNOWN = 3 };

static int32_t cell_of(double place, int32_t cells) {
    if (!(place > 0)) return 0;
    return place >= cells ? cells - 1 : (int32_t)place;
}

static double column_at(const part_t *part, double x) { return (x - part->box.west) * part->columns_per_degree; }
static double row_at(const part_t *part, double y) { return (y - part->box.south) * part->rows_per_degree; }

/// A vertex in cells, and the one that it is in; -1 where it is near another.
typedef struct {
    double x, y;
    int32_t cell;
} vertex_t;

static vertex_t vertex_at(const part_t *part, const double *position) {
    double x = column_at(part, position[0]), y = row_at(part, position[1]);
    int32_t column = (int32_t)x, row = (int32_t)y;
    bool is_clear = (x - column > MARGIN) & (x - column < 1 - MARGIN) & (y - row > MARGIN) & (y - row < 1 - MARGIN) &
                    (column < part->cells) & (row < part->cells);
    return (vertex_t){x, y, is_clear ? row * part->cells + column : -1};
}

/// Marks every cell that an edge touches.
static void mark(const part_t *part, const vertex_t *a, const vertex_t *b, uint8_t *kinds) {
    double ax = a->x, ay = a->y, bx = b->x, by = b->y;
    double south = least(ay, by), north = most(ay, by), west = least(ax, bx), east = most(ax, bx);
    int32_t first = cell_of(south - MARGIN, part->cells), last = cell_of(north + MARGIN, part->cells);
    // Within one row or one column, all of the edge's box is touched.
    bool is_slanted = first != last && cell_of(west - MARGIN, part->cells) != cell_of(east + MARGIN, part->cells);
    for (int32_t row = first; row <= last; row++) {
        double from = west, to = east;
        if (is_slanted && north - south >= LEAST_RISE) {
            double slope = (bx - ax) / (by - ay);
            double x1 = ax + (most(south, row - MARGIN) - ay) * slope;
            double x2 = ax + (least(north, row + 1 + MARGIN) - ay) * slope;
            from = most(west, least(x1, x2));
            to = least(east, most(x1, x2));
        }
        int32_t end = cell_of(to + MARGIN, part->cells);
        for (int32_t column = cell_of(from - MARGIN, part->cells); column <= end; column++) {
            kinds[(size_t)row * (size_t)part->cells + (size_t)column] = BOUNDARY;
        }
    }
}

/// The one cell that a box is in, or -1.
static int32_t cell_around(const part_t *part, const box_t *box) {
    vertex_t low = vertex_at(part, (const double[]){box->west, box->south});
    if (low.cell < 0) return -1;
    vertex_t high = vertex_at(part, (const double[]){box->east, box->north});
    return low.cell == high.cell ? low.cell : -1;
}

static void mark_leaf(const part_t *part, int32_t leaf, uint8_t *kinds) {
    const double *position = part->outline.positions + 2 * (size_t)leaf * OUTLINE_BRANCHES;
    vertex_t before = vertex_at(part, position);
    for (unsigned bits = part->outline.marks[leaf]; bits != 0; bits >>= 1) {
        position += 2;
        vertex_t vertex = vertex_at(part, position);
        if (bits & 1) {
            // Both within one cell: and so is all between them.
            if (vertex.cell >= 0 && vertex.cell == before.cell) kinds[vertex.cell] = BOUNDARY;
            else mark(part, &before, &vertex, kinds);
        }
        before = vertex;
    }
}

/// Many edges are within one cell together: their box says so for all of them.
static void mark_node(const part_t *part, int level, int32_t index, uint8_t *kinds) {
    const outline_t *outline = &part->outline;
    int32_t cell = cell_around(part, &outline->boxes[outline->level_starts[level] + index]);
    if (cell >= 0) {
        kinds[cell] = BOUNDARY;
    } else if (level == 0) {
        mark_leaf(part, index, kinds);
    } else {
        int32_t end = (index + 1) * OUTLINE_BRANCHES, count = outline->level_counts[level - 1];
        for (int32_t child = index * OUTLINE_BRANCHES; child < end && child < count; child++) {
            mark_node(part, level - 1, child, kinds);
        }
    }
}

/// Cells side by side that no edge touches lie alike: one of them is asked for all.
static void fill(const part_t *part, uint8_t *kinds) {
    int32_t cells = part->cells;
    for (int32_t row = 0; row < cells; row++) {
        uint8_t *line = kinds + (size_t)row * (size_t)cells;
        const uint8_t *below = row > 0 ? line - cells : NULL;
        for (int32_t column = 0; column < cells; column++) {
            if (line[column] == BOUNDARY) continue;
            const uint8_t *next = memchr(line + column, BOUNDARY, (size_t)(cells - column));
            int32_t end = next != NULL ? (int32_t)(next - line) : cells;
            uint8_t kind;
            if (below != NULL && below[column] != BOUNDARY) {
                kind = below[column];
            } else {
                double x = part->box.west + (column + 0.5) / part->columns_per_degree;
                double y = part->box.south + (row + 0.5) / part->rows_per_degree;
                kind = outline_contains(&part->outline, x, y) ? INSIDE : OUTSIDE;
            }
            memset(line + column, kind, (size_t)(end - column));
            column = end;
        }
    }
}

bool part_prepare_mask(part_t *part) {
    int32_t edge_count = part->outline.vertex_count - part->outline.ring_count;
    double width = part->box.east - part->box.west, height = part->box.north - part->box.south;
    double wanted = CELLS_PER_ROOT * sqrt(edge_count);
    int32_t cells = wanted > MOST_CELLS ? MOST_CELLS : (int32_t)wanted;
    part->columns_per_degree = cells / width;
    part->rows_per_degree = cells / height;
    // Nor has a polygon cells that is thinner than any place can be told from another.
    if (edge_count < FEWEST_EDGES || !(width > 1e-9 && height > 1e-9)) return true;
    size_t side = (size_t)cells;
    uint8_t *kinds = malloc(side * side);
    part->sums = malloc((side + 1) * (side + 1) * sizeof(uint32_t));
    if (kinds == NULL || part->sums == NULL) {
        free(kinds);
        return false;
    }
    part->cells = cells;
    memset(kinds, UNKNOWN, side * side);
    mark_node(part, part->outline.level_count - 1, 0, kinds);
    fill(part, kinds);
    for (size_t column = 0; column <= side; column++) part->sums[column] = 0;
    for (size_t row = 0; row < side; row++) {
        const uint32_t *below = part->sums + row * (side + 1);
        uint32_t *sums = part->sums + (row + 1) * (side + 1);
        uint32_t sum = sums[0] = 0;
        for (size_t column = 0; column < side; column++) {
            sum += kinds[row * side + column];
            sums[column + 1] = below[column + 1] + sum;
        }
    }
    free(kinds);
    return true;
}

int part_box_by_mask(const part_t *part, const box_t *box) {
    if (part->sums == NULL) return CZONE_UNDECIDED;
    int32_t west = cell_of(column_at(part, box->west), part->cells);
    int32_t east = cell_of(column_at(part, box->east), part->cells);
    int32_t south = cell_of(row_at(part, box->south), part->cells);
    int32_t north = cell_of(row_at(part, box->north), part->cells);
    size_t side = (size_t)part->cells + 1;
    const uint32_t *low = part->sums + (size_t)south * side, *high = part->sums + ((size_t)north + 1) * side;
    uint32_t sum = high[east + 1] - high[west] - low[east + 1] + low[west];
    if (sum == 0) return CZONE_OUTSIDE;
    uint32_t full = 2 * (uint32_t)(east - west + 1) * (uint32_t)(north - south + 1);
    return sum == full && box_holds(&part->box, box) ? CZONE_INSIDE : CZONE_UNDECIDED;
}
