// Places packed in an order that keeps neighbours together, under a tree of boxes over every 32 of them.
#include "internal.h"

#include <stdlib.h>

enum { LEAF = 32, FAN_OUT_BITS = 3, MOST_LEVELS = 12 };

// Exact: 41 bits at most.
static const double DEGREES_EAST = 360.0 / 4294967296.0;
static const double DEGREES_NORTH = 180.0 / 4294967296.0;
// Degrees; more than the rounding of a coordinate on its way into a cell.
static const double PAD = 1e-12;

typedef struct {
    uint32_t west, south, east, north;
} cells_t;

struct czone_pack {
    uint32_t count;
    uint32_t *x, *y;
    /// NULL when all are points.
    uint8_t *radii;
    double metres[256];
    /// Boxes of every 32 places, then of every eight of those, and so on; and the greatest radius in each.
    cells_t *boxes;
    uint8_t *greatest;
    uint32_t level_starts[MOST_LEVELS], level_counts[MOST_LEVELS];
    int level_count;
};

czone_pack *czone_pack_create(uint32_t count, int has_radii, const double *metres) {
    czone_pack *pack = calloc(1, sizeof(czone_pack));
    if (pack == NULL) return NULL;
    pack->count = count;
    size_t room = count > 0 ? count : 1;
    pack->x = malloc(room * sizeof(uint32_t));
    pack->y = malloc(room * sizeof(uint32_t));
    if (has_radii) pack->radii = malloc(room);
    for (int i = 0; i < 256; i++) pack->metres[i] = metres[i];
    uint32_t total = 0, boxes = (count + LEAF - 1) / LEAF;
    for (;; boxes = (boxes + (1 << FAN_OUT_BITS) - 1) >> FAN_OUT_BITS) {
        pack->level_starts[pack->level_count] = total;
        pack->level_counts[pack->level_count++] = boxes;
        total += boxes;
        if (boxes <= 1) break;
    }
    pack->boxes = malloc((total + 1) * sizeof(cells_t));
    pack->greatest = calloc(total + 1, 1);
    if (pack->x != NULL && pack->y != NULL && pack->boxes != NULL && pack->greatest != NULL &&
        (pack->radii != NULL || !has_radii))
        return pack;
    czone_pack_destroy(pack);
    return NULL;
}

void czone_pack_destroy(czone_pack *pack) {
    if (pack == NULL) return;
    free(pack->x);
    free(pack->y);
    free(pack->radii);
    free(pack->boxes);
    free(pack->greatest);
    free(pack);
}

uint32_t *czone_pack_x(czone_pack *pack) { return pack->x; }
uint32_t *czone_pack_y(czone_pack *pack) { return pack->y; }
uint8_t *czone_pack_radii(czone_pack *pack) { return pack->radii; }

static void grow(cells_t *box, const cells_t *other) {
    if (other->west < box->west) box->west = other->west;
    if (other->south < box->south) box->south = other->south;
    if (other->east > box->east) box->east = other->east;
    if (other->north > box->north) box->north = other->north;
}

void czone_pack_index(czone_pack *pack) {
    for (uint32_t leaf = 0; leaf < pack->level_counts[0]; leaf++) {
        uint32_t first = leaf * LEAF, end = first + LEAF < pack->count ? first + LEAF : pack->count;
        cells_t box = {pack->x[first], pack->y[first], pack->x[first], pack->y[first]};
        for (uint32_t place = first; place < end; place++) {
            cells_t cell = {pack->x[place], pack->y[place], pack->x[place], pack->y[place]};
            grow(&box, &cell);
            if (pack->radii != NULL && pack->radii[place] > pack->greatest[leaf]) {
                pack->greatest[leaf] = pack->radii[place];
            }
        }
        pack->boxes[leaf] = box;
    }
    for (int level = 1; level < pack->level_count; level++) {
        uint32_t below = pack->level_starts[level - 1], here = pack->level_starts[level];
        for (uint32_t i = 0; i < pack->level_counts[level]; i++) {
            uint32_t first = i << FAN_OUT_BITS, end = (i + 1) << FAN_OUT_BITS;
            if (end > pack->level_counts[level - 1]) end = pack->level_counts[level - 1];
            cells_t box = pack->boxes[below + first];
            uint8_t greatest = 0;
            for (uint32_t child = first; child < end; child++) {
                grow(&box, &pack->boxes[below + child]);
                if (pack->greatest[below + child] > greatest) greatest = pack->greatest[below + child];
            }
            pack->boxes[here + i] = box;
            pack->greatest[here + i] = greatest;
        }
    }
}

typedef struct {
    const czone_pack *pack;
    const czone *zone;
    uint32_t from, to;
    czone_margin margin;
    czone_found *found;
} walk_t;

static bool add(uint32_t **list, size_t *count, size_t *capacity, uint32_t number) {
    if (*count == *capacity) {
        size_t grown = *capacity > 0 ? 2 * *capacity : 256;
        uint32_t *moved = realloc(*list, grown * sizeof(uint32_t));
        if (moved == NULL) return false;
        *list = moved;
        *capacity = grown;
    }
    (*list)[(*count)++] = number;
    return true;
}

/// Places come in order: one that follows the last range lengthens it.
static bool add_range(czone_found *found, uint32_t first, uint32_t end) {
    if (found->range_count > 0 && found->ranges[found->range_count - 1] == first) {
        found->ranges[found->range_count - 1] = end;
        return true;
    }
    return add(&found->ranges, &found->range_count, &found->range_capacity, first) &&
           add(&found->ranges, &found->range_count, &found->range_capacity, end);
}

/// The box of cells, with what their places reach beyond.
static box_t reach(const walk_t *walk, const cells_t *cells, uint8_t radius) {
    double metres = walk->pack->metres[radius] + walk->margin.reach_metres;
    double east = PAD, north = PAD;
    if (metres > 0) {
        metres += walk->margin.spare_metres;
        east += metres * walk->margin.degrees_east_per_metre;
        north += metres * walk->margin.degrees_north_per_metre;
    }
    return (box_t){cells->west * DEGREES_EAST - 180 - east, cells->south * DEGREES_NORTH - 90 - north,
                   (cells->east + 1.0) * DEGREES_EAST - 180 + east, (cells->north + 1.0) * DEGREES_NORTH - 90 + north};
}

/// How a box lies to the zone, of which only some parts are looked at: all others are apart from it.
///
/// kept: where the parts are put that remain undecided, when the box is; NULL when nobody asks.
static int side(const walk_t *walk, const box_t *box, const int32_t *parts, int32_t count, int32_t *kept,
                int32_t *kept_count) {
    const czone *zone = walk->zone;
    if (zone->is_circle) return circle_box(&zone->circle, &zone->box, box);
    int answer = CZONE_OUTSIDE;
    for (int32_t i = 0; i < count; i++) {
        const part_t *part = &zone->parts[parts[i]];
        if (!box_meets(&part->box, box)) continue;
        // More than the part: its own boundary is in it.
        int one = box_holds(box, &part->box) ? CZONE_UNDECIDED : part_box(part, box);
        if (one == CZONE_OUTSIDE) continue;
        if (one == CZONE_INSIDE) return CZONE_INSIDE;
        answer = CZONE_UNDECIDED;
        if (kept != NULL) kept[(*kept_count)++] = parts[i];
    }
    return answer;
}

static bool judge_leaf(const walk_t *walk, uint32_t first, uint32_t end, const int32_t *parts, int32_t count) {
    const czone_pack *pack = walk->pack;
    bool is_circle = walk->zone->is_circle && walk->margin.reach_metres == 0;
    int answer = CZONE_OUTSIDE;
    for (uint32_t place = first; place < end; place++) {
        uint8_t radius = pack->radii != NULL ? pack->radii[place] : 0;
        // Neighbours often share an address.
        bool is_same = place > first && pack->x[place] == pack->x[place - 1] && pack->y[place] == pack->y[place - 1] &&
                       (pack->radii == NULL || radius == pack->radii[place - 1]);
        if (!is_same) {
            if (is_circle && radius == 0) {
                answer = circle_cell(&walk->zone->circle, (pack->x[place] + 0.5) * DEGREES_EAST - 180,
                                     (pack->y[place] + 0.5) * DEGREES_NORTH - 90);
            } else {
                cells_t cell = {pack->x[place], pack->y[place], pack->x[place], pack->y[place]};
                box_t box = reach(walk, &cell, radius);
                answer = side(walk, &box, parts, count, NULL, NULL);
            }
        }
        czone_found *found = walk->found;
        if (answer == CZONE_INSIDE) {
            if (!add_range(found, place, place + 1)) return false;
        } else if (answer == CZONE_UNDECIDED) {
            if (!add(&found->open, &found->open_count, &found->open_capacity, place)) return false;
        }
    }
    return true;
}

/// parts: those that the box of the node above left undecided; room for as many at each level below follows them.
static bool descend(const walk_t *walk, int level, uint32_t index, int32_t *parts, int32_t count) {
    const czone_pack *pack = walk->pack;
    uint64_t span = (uint64_t)LEAF << (FAN_OUT_BITS * level);
    uint64_t first = index * span, end = first + span < pack->count ? first + span : pack->count;
    if (end <= walk->from || first >= walk->to) return true;
    if (first < walk->from) first = walk->from;
    if (end > walk->to) end = walk->to;
    uint32_t node = pack->level_starts[level] + index;
    box_t box = reach(walk, &pack->boxes[node], pack->greatest[node]);
    int32_t *kept = parts + count, kept_count = 0;
    int answer = side(walk, &box, parts, count, kept, &kept_count);
    if (answer == CZONE_OUTSIDE) return true;
    if (answer == CZONE_INSIDE) return add_range(walk->found, (uint32_t)first, (uint32_t)end);
    if (level == 0) return judge_leaf(walk, (uint32_t)first, (uint32_t)end, kept, kept_count);
    for (uint32_t child = index << FAN_OUT_BITS;
         child < (index + 1) << FAN_OUT_BITS && child < pack->level_counts[level - 1]; child++) {
        if (!descend(walk, level - 1, child, kept, kept_count)) return false;
    }
    return true;
}

int czone_pack_select(const czone_pack *pack, const czone *zone, uint32_t from, uint32_t to,
                      const czone_margin *margin, czone_found *found) {
    if (pack->count == 0 || from >= to) return 1;
    walk_t walk = {.pack = pack, .zone = zone, .from = from, .to = to, .margin = *margin, .found = found};
    size_t count = (size_t)zone->part_count;
    int32_t *parts = malloc(sizeof(int32_t) * (count > 0 ? count : 1) * (size_t)(pack->level_count + 1));
    if (parts == NULL) return 0;
    for (size_t part = 0; part < count; part++) parts[part] = (int32_t)part;
    bool is_done = descend(&walk, pack->level_count - 1, 0, parts, (int32_t)count);
    free(parts);
    return is_done ? 1 : 0;
}

void czone_found_free(czone_found *found) {
    free(found->ranges);
    free(found->open);
    *found = (czone_found){0};
}
