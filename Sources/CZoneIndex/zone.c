// A zone: a circle, or polygons found through a tree of their boxes.
#include "internal.h"

#include <math.h>
#include <stdlib.h>

static const int32_t FAN_OUT = 8;

typedef struct {
    double middle_x, middle_y;
    int32_t polygon;
} order_t;

static int compare(double left, double right, const order_t *a, const order_t *b) {
    if (left != right) return left < right ? -1 : 1;
    return a->polygon < b->polygon ? -1 : a->polygon > b->polygon;
}

static int by_x(const void *left, const void *right) {
    const order_t *a = left, *b = right;
    return compare(a->middle_x, b->middle_x, a, b);
}

static int by_y(const void *left, const void *right) {
    const order_t *a = left, *b = right;
    return compare(a->middle_y, b->middle_y, a, b);
}

/// Neighbours side by side, so that they share a box of the tree: strips from west to east, each from south to north
/// (sort-tile-recursive packing).
static void arrange(order_t *order, int32_t count) {
    qsort(order, (size_t)count, sizeof(order_t), by_x);
    int32_t strip = FAN_OUT * (int32_t)ceil(sqrt((double)count / FAN_OUT));
    for (int32_t start = 0; start < count; start += strip) {
        qsort(order + start, (size_t)(count - start < strip ? count - start : strip), sizeof(order_t), by_y);
    }
}

/// The middle of a polygon's exterior.
static order_t middle_of(const double *positions, int32_t start, int32_t end, int32_t polygon) {
    double west = INFINITY, south = INFINITY, east = -INFINITY, north = -INFINITY;
    for (int32_t i = start; i < end; i++) {
        west = least(west, positions[2 * (size_t)i]);
        east = most(east, positions[2 * (size_t)i]);
        south = least(south, positions[2 * (size_t)i + 1]);
        north = most(north, positions[2 * (size_t)i + 1]);
    }
    return (order_t){(west + east) / 2, (south + north) / 2, polygon};
}

static bool index_parts(czone *zone) {
    int64_t total = 0;
    int32_t count = zone->part_count;
    for (;; count = (count + FAN_OUT - 1) / FAN_OUT) {
        zone->level_starts[zone->level_count] = (int32_t)total;
        zone->level_counts[zone->level_count++] = count;
        total += count;
        if (count <= 1) break;
    }
    zone->boxes = malloc(sizeof(box_t) * (size_t)total);
    if (zone->boxes == NULL) return false;
    for (int32_t i = 0; i < zone->part_count; i++) zone->boxes[i] = zone->parts[i].box;
    for (int32_t level = 1; level < zone->level_count; level++) {
        const box_t *below = zone->boxes + zone->level_starts[level - 1];
        for (int32_t i = 0; i < zone->level_counts[level]; i++) {
            box_t box = below[i * FAN_OUT];
            for (int32_t j = i * FAN_OUT + 1; j < (i + 1) * FAN_OUT && j < zone->level_counts[level - 1]; j++) {
                box.west = least(box.west, below[j].west);
                box.south = least(box.south, below[j].south);
                box.east = most(box.east, below[j].east);
                box.north = most(box.north, below[j].north);
            }
            zone->boxes[zone->level_starts[level] + i] = box;
        }
    }
    zone->box = zone->boxes[total - 1];
    return true;
}

static bool is_finite(const double *numbers, int32_t count) {
    // Only what is finite leaves nothing of itself. Without a way out of the loop, several are looked at at once.
    bool is_good = true;
    for (int32_t i = 0; i < count; i++) is_good &= numbers[i] - numbers[i] == 0;
    return is_good;
}

czone *czone_create_area(const double *positions, const int32_t *ring_ends, const int32_t *polygon_ends,
                         int32_t polygon_count) {
    if (polygon_count < 1) return NULL;
    int32_t vertices = ring_ends[polygon_ends[polygon_count - 1] - 1];
    czone *zone = calloc(1, sizeof(czone));
    order_t *order = malloc(sizeof(order_t) * (size_t)polygon_count);
    bool is_good = zone != NULL && order != NULL && vertices < INT32_MAX / 16 && is_finite(positions, 2 * vertices);
    if (is_good) is_good = (zone->parts = calloc((size_t)polygon_count, sizeof(part_t))) != NULL;
    if (is_good) {
        for (int32_t polygon = 0; polygon < polygon_count; polygon++) {
            int32_t first = polygon > 0 ? polygon_ends[polygon - 1] : 0;
            int32_t start = first > 0 ? ring_ends[first - 1] : 0;
            // One alone needs no order.
            order[polygon] = polygon_count > 1 ? middle_of(positions, start, ring_ends[first], polygon) : (order_t){0, 0, 0};
        }
        arrange(order, polygon_count);
        for (int32_t i = 0; i < polygon_count && is_good; i++) {
            int32_t polygon = order[i].polygon;
            part_t *part = &zone->parts[zone->part_count++];
            is_good = outline_prepare(&part->outline, positions, ring_ends,
                                      polygon > 0 ? polygon_ends[polygon - 1] : 0, polygon_ends[polygon]);
            if (is_good) part->box = *outline_box(&part->outline);
        }
        is_good = is_good && index_parts(zone);
    }
    free(order);
    if (is_good) return zone;
    czone_destroy(zone);
    return NULL;
}

czone_box_t czone_bounds(const czone *zone) { return zone->box; }

int czone_is_plainly_valid(const czone *zone) {
    for (int32_t i = 0; i < zone->part_count; i++) {
        if (!outline_is_plainly_valid(&zone->parts[i].outline)) return 0;
    }
    return 1;
}

int czone_prepare_masks(czone *zone) {
    for (int32_t i = 0; i < zone->part_count; i++) {
        if (!part_prepare_mask(&zone->parts[i])) return 0;
    }
    return 1;
}

czone *czone_create_circle(double longitude, double latitude, double radius_metres, double tolerance_metres,
                           double west, double south, double east, double north, double metres_per_degree_east,
                           double metres_per_degree_north, double relative_error) {
    czone *zone = calloc(1, sizeof(czone));
    if (zone == NULL) return NULL;
    zone->is_circle = true;
    zone->box = (box_t){west, south, east, north};
    circle_t *circle = &zone->circle;
    circle->longitude = longitude;
    circle->latitude = latitude;
    circle->radius = radius_metres;
    circle->tolerance = tolerance_metres;
    circle->east_scale = metres_per_degree_east;
    circle->north_scale = metres_per_degree_north;
    circle->error = relative_error;
    circle_prepare(circle, &zone->box);
    return zone;
}

void czone_destroy(czone *zone) {
    if (zone == NULL) return;
    for (int32_t i = 0; i < zone->part_count; i++) {
        outline_free(&zone->parts[i].outline);
        free(zone->parts[i].sums);
    }
    free(zone->parts);
    free(zone->boxes);
    free(zone);
}

/// Inside when it is in one part, outside when it is out of all.
static int box_in_parts(const czone *zone, int32_t level, int32_t index, const box_t *box) {
    const box_t *bounds = &zone->boxes[zone->level_starts[level] + index];
    if (!box_meets(bounds, box)) return CZONE_OUTSIDE;
    if (level == 0) return part_box(&zone->parts[index], box);
    // All these parts and more: their own boundary is in it.
    if (box_holds(box, bounds)) return CZONE_UNDECIDED;
    int answer = CZONE_OUTSIDE;
    for (int32_t i = index * FAN_OUT; i < (index + 1) * FAN_OUT && i < zone->level_counts[level - 1]; i++) {
        int one = box_in_parts(zone, level - 1, i, box);
        if (one == CZONE_INSIDE) return one;
        if (one == CZONE_UNDECIDED) answer = one;
    }
    return answer;
}

static bool point_in_parts(const czone *zone, int32_t level, int32_t index, double x, double y) {
    const box_t *bounds = &zone->boxes[zone->level_starts[level] + index];
    if (!(bounds->west <= x && x <= bounds->east && bounds->south <= y && y <= bounds->north)) return false;
    if (level == 0) return part_contains(&zone->parts[index], x, y);
    for (int32_t i = index * FAN_OUT; i < (index + 1) * FAN_OUT && i < zone->level_counts[level - 1]; i++) {
        if (point_in_parts(zone, level - 1, i, x, y)) return true;
    }
    return false;
}

int czone_box(const czone *zone, double west, double south, double east, double north) {
    box_t box = {west, south, east, north};
    return zone->is_circle ? circle_box(&zone->circle, &zone->box, &box)
                           : box_in_parts(zone, zone->level_count - 1, 0, &box);
}

int czone_contains(const czone *zone, double longitude, double latitude) {
    return zone->is_circle ? circle_contains(&zone->circle, longitude, latitude)
                           : point_in_parts(zone, zone->level_count - 1, 0, longitude, latitude);
}

static bool each_part(const czone *zone, int32_t level, int32_t index, const box_t *box,
                      bool (*visit)(void *, const part_t *), void *context) {
    if (!box_meets(&zone->boxes[zone->level_starts[level] + index], box)) return true;
    if (level == 0) return visit(context, &zone->parts[index]);
    for (int32_t i = index * FAN_OUT; i < (index + 1) * FAN_OUT && i < zone->level_counts[level - 1]; i++) {
        if (!each_part(zone, level - 1, i, box, visit, context)) return false;
    }
    return true;
}

bool zone_each_part(const czone *zone, const box_t *box, bool (*visit)(void *, const part_t *), void *context) {
    return each_part(zone, zone->level_count - 1, 0, box, visit, context);
}
