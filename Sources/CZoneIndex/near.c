// Whether an area's edges come near a place, by the scales of the axes there; what these leave open is named.
#include "internal.h"

#include <math.h>

typedef struct {
    double longitude, latitude, metres;
    double east_scale, north_scale, error;
    box_t box;
    int32_t part_count;
    bool is_found, has_room;
    czone_near *near;
} search_t;

/// As Edge.distance(at: parameter(nearestTo:)) of GeoEngine.
static double distance(const search_t *search, const edge_t *edge) {
    double x = (edge->bx - edge->ax) * search->east_scale, y = (edge->by - edge->ay) * search->north_scale;
    double squared = x * x + y * y, along = 0;
    if (squared > 0) {
        double px = (search->longitude - edge->ax) * search->east_scale;
        double py = (search->latitude - edge->ay) * search->north_scale;
        along = most(0, least(1, (px * x + py * y) / squared));
    }
    double east = along == 1 ? edge->bx : edge->ax + (edge->bx - edge->ax) * along;
    double north = along == 1 ? edge->by : edge->ay + (edge->by - edge->ay) * along;
    double dx = (east - search->longitude) * search->east_scale, dy = (north - search->latitude) * search->north_scale;
    return sqrt(dx * dx + dy * dy);
}

static bool is_noted(const czone_near *near, const edge_t *edge) {
    for (int32_t i = 0; i < near->count; i++) {
        const double *other = near->edges[i];
        if (other[0] == edge->ax && other[1] == edge->ay && other[2] == edge->bx && other[3] == edge->by) return true;
    }
    return false;
}

/// Returns false once an edge is near.
static bool measure(void *context, const edge_t *edge) {
    search_t *search = context;
    if (edge->ax == edge->bx && edge->ay == edge->by) return true;
    double local = distance(search, edge);
    if (local * (1 + search->error) <= search->metres) {
        search->is_found = true;
        return false;
    }
    if (local > search->metres * (1 + search->error) + 1 || is_noted(search->near, edge)) return true;
    if (search->near->count == CZONE_MOST_EDGES) {
        search->has_room = false;
        return true;
    }
    double *noted = search->near->edges[search->near->count++];
    noted[0] = edge->ax;
    noted[1] = edge->ay;
    noted[2] = edge->bx;
    noted[3] = edge->by;
    return true;
}

static bool look(void *context, const part_t *part) {
    search_t *search = context;
    search->part_count++;
    if (!search->is_found) outline_each_edge(&part->outline, &search->box, measure, search);
    return !search->is_found || search->part_count < 2;
}

int czone_edge_within(const czone *zone, double longitude, double latitude, double metres, double west, double south,
                      double east, double north, double metres_per_degree_east, double metres_per_degree_north,
                      double relative_error, czone_near *near) {
    near->count = 0;
    search_t search = {.longitude = longitude, .latitude = latitude, .metres = metres,
                       .east_scale = metres_per_degree_east, .north_scale = metres_per_degree_north,
                       .error = relative_error, .box = {west, south, east, north}, .has_room = true, .near = near};
    zone_each_part(zone, &search.box, look, &search);
    near->has_neighbours = search.part_count > 1;
    if (search.is_found) return 1;
    if (!search.has_room) return -2;
    return near->count > 0 ? -1 : 0;
}
