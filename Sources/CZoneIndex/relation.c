// How a surface, such as a commune's, lies to a zone: by the exact side of vertices and edges, never by an overlay whose
// crossings would be rounded.
#include "internal.h"

// Vertices of a polygon that lie on one edge of another: more are left to others.
enum { MOST_SPLITS = 64 };

/// What was seen of the boundary of a surface, and of a zone or one of its polygons.
typedef struct {
    /// Some of the boundary is inside the polygon or on its boundary; some is outside it.
    bool is_met, is_left;
} seen_t;

static twice_t twice(double coordinate) { return (twice_t){2 * coordinate, 0}; }

/// The sum, exactly (D. E. Knuth).
static twice_t middle(double a, double b) {
    double sum = a + b, part = sum - a;
    return (twice_t){sum, (a - (sum - part)) + (b - part)};
}

static box_t box_of(const edge_t *edge) {
    return (box_t){least(edge->ax, edge->bx), least(edge->ay, edge->by), most(edge->ax, edge->bx),
                   most(edge->ay, edge->by)};
}

static bool is_in(const box_t *box, double x, double y) {
    return box->west <= x && x <= box->east && box->south <= y && y <= box->north;
}

typedef struct {
    double x, y;
} place_t;

/// Places on one edge, from west to east, and from south to north where it is upright.
static void sort(place_t *places, int count) {
    for (int i = 1; i < count; i++) {
        place_t place = places[i];
        int j = i;
        for (; j > 0 && (places[j - 1].x > place.x || (places[j - 1].x == place.x && places[j - 1].y > place.y)); j--) {
            places[j] = places[j - 1];
        }
        places[j] = place;
    }
}

/// Looks where an edge runs: within the polygon, along its boundary, outside. Returns false when that is left to others.
static bool follow(const part_t *part, const edge_t *edge, seen_t *seen) {
    box_t box = box_of(edge);
    place_t places[MOST_SPLITS + 2];
    int count = 0;
    bool touches = false;
    int32_t start, end;
    part_edges_between(part, box.south, box.north, &start, &end);
    for (int32_t i = start; i < end; i++) {
        const edge_t *other = &part->edges[part->slab_edges[i]];
        box_t bounds = box_of(other);
        if (!box_meets(&box, &bounds)) continue;
        int a = orientation(edge->ax, edge->ay, edge->bx, edge->by, other->ax, other->ay);
        int b = orientation(edge->ax, edge->ay, edge->bx, edge->by, other->bx, other->by);
        if (a * b > 0) continue;
        int c = orientation(other->ax, other->ay, other->bx, other->by, edge->ax, edge->ay);
        int d = orientation(other->ax, other->ay, other->bx, other->by, edge->bx, edge->by);
        if (c * d > 0) continue;
        if (a * b < 0 && c * d < 0) {
            // They cross: the edge is on both sides.
            seen->is_met = seen->is_left = true;
            return true;
        }
        touches = true;
        if (a == 0 && is_in(&box, other->ax, other->ay)) {
            if (count == MOST_SPLITS) return false;
            places[count++] = (place_t){other->ax, other->ay};
        }
        if (b == 0 && is_in(&box, other->bx, other->by)) {
            if (count == MOST_SPLITS) return false;
            places[count++] = (place_t){other->bx, other->by};
        }
        // An edge is listed in each of its slabs: most of them are the next entries' business.
        sort(places, count);
        int kept = 0;
        for (int k = 0; k < count; k++) {
            if (kept == 0 || places[k].x != places[kept - 1].x || places[k].y != places[kept - 1].y) {
                places[kept++] = places[k];
            }
        }
        count = kept;
    }
    if (!touches) {
        if (part_locate(part, twice(edge->ax), twice(edge->ay)) == PLACE_OUTSIDE) seen->is_left = true;
        else seen->is_met = true;
        return true;
    }
    seen->is_met = true;
    places[count++] = (place_t){edge->ax, edge->ay};
    places[count++] = (place_t){edge->bx, edge->by};
    sort(places, count);
    // Between two of these places the edge meets no vertex of the polygon and crosses no edge: it lies along one, or
    // apart from all. The middle tells which.
    for (int i = 0; i + 1 < count; i++) {
        if (places[i].x == places[i + 1].x && places[i].y == places[i + 1].y) continue;
        twice_t x = middle(places[i].x, places[i + 1].x), y = middle(places[i].y, places[i + 1].y);
        if (part_locate(part, x, y) == PLACE_OUTSIDE) seen->is_left = true;
    }
    return true;
}

/// Whether a hole of the zone's polygon lies in the surface, whose whole boundary is in that polygon: then none of the
/// holes is cut by it. Any vertex tells that is not on the surface's boundary; -1 when all are.
static int holds_hole(const part_t *surface, const part_t *part, int32_t ring) {
    for (int32_t i = part->ring_starts[ring]; i < part->ring_starts[ring + 1]; i++) {
        switch (part_locate(surface, twice(part->edges[i].ax), twice(part->edges[i].ay))) {
        case PLACE_INSIDE: return 1;
        case PLACE_OUTSIDE: return 0;
        default: break;
        }
    }
    return -1;
}

/// How one polygon of a surface lies to one polygon of a zone.
static int relate(const part_t *part, const part_t *surface) {
    seen_t seen = {false, false};
    for (int32_t i = 0; i < surface->edge_count; i++) {
        const edge_t *edge = &surface->edges[i];
        box_t box = box_of(edge);
        switch (part_box(part, &box)) {
        case CZONE_INSIDE: seen.is_met = true; break;
        case CZONE_OUTSIDE: seen.is_left = true; break;
        default:
            if (!follow(part, edge, &seen)) return CZONE_UNTOLD;
        }
        if (seen.is_met && seen.is_left) return CZONE_TOUCHES;
    }
    if (!seen.is_met) {
        // The boundary of the surface is apart from the polygon: that lies in the surface, or apart from it.
        return part_locate(surface, twice(part->edges[0].ax), twice(part->edges[0].ay)) == PLACE_OUTSIDE
                   ? CZONE_APART : CZONE_TOUCHES;
    }
    for (int32_t ring = 1; ring < part->ring_count; ring++) {
        int is_held = holds_hole(surface, part, ring);
        if (is_held < 0) return CZONE_UNTOLD;
        if (is_held) return CZONE_TOUCHES;
    }
    return CZONE_WITHIN;
}

typedef struct {
    const part_t *surface;
    int32_t part_count;
    int relations[4];
} relating_t;

static bool relate_next(void *context, const part_t *part) {
    relating_t *relating = context;
    relating->part_count++;
    int relation = relate(part, relating->surface);
    relating->relations[relation]++;
    return relation != CZONE_WITHIN;
}

typedef struct {
    const part_t *surface;
    bool is_held;
} holding_t;

static bool is_apart_from(void *context, const part_t *part) {
    holding_t *holding = context;
    holding->is_held =
        part_locate(holding->surface, twice(part->edges[0].ax), twice(part->edges[0].ay)) != PLACE_OUTSIDE;
    return !holding->is_held;
}

/// How one polygon of a surface lies to a zone.
static int relate_to_zone(const czone *zone, const part_t *surface) {
    const box_t *all = &surface->box;
    switch (czone_box(zone, all->west, all->south, all->east, all->north)) {
    case CZONE_INSIDE: return CZONE_WITHIN;
    case CZONE_OUTSIDE: return CZONE_APART;
    default: break;
    }
    // Mostly two of the vertices tell.
    seen_t seen = {false, false};
    for (int32_t i = 0; i < surface->edge_count; i++) {
        if (czone_contains(zone, surface->edges[i].ax, surface->edges[i].ay)) seen.is_met = true;
        else seen.is_left = true;
        if (seen.is_met && seen.is_left) return CZONE_TOUCHES;
    }
    bool is_open = false;
    for (int32_t i = 0; i < surface->edge_count; i++) {
        box_t box = box_of(&surface->edges[i]);
        switch (czone_box(zone, box.west, box.south, box.east, box.north)) {
        case CZONE_INSIDE: seen.is_met = true; break;
        case CZONE_OUTSIDE: seen.is_left = true; break;
        default: is_open = true;
        }
        if (seen.is_met && seen.is_left) return CZONE_TOUCHES;
    }
    if (zone->is_circle) {
        if (is_open) return CZONE_UNTOLD;
        if (seen.is_met) return CZONE_WITHIN;
        const circle_t *circle = &zone->circle;
        return part_locate(surface, twice(circle->longitude), twice(circle->latitude)) == PLACE_OUTSIDE
                   ? CZONE_APART : CZONE_TOUCHES;
    }
    if (!is_open && seen.is_left) {
        holding_t holding = {surface, false};
        zone_each_part(zone, all, is_apart_from, &holding);
        return holding.is_held ? CZONE_TOUCHES : CZONE_APART;
    }
    relating_t relating = {surface, 0, {0, 0, 0, 0}};
    zone_each_part(zone, all, relate_next, &relating);
    if (relating.relations[CZONE_WITHIN] > 0) return CZONE_WITHIN;
    if (relating.relations[CZONE_TOUCHES] > 0) {
        // Outside one polygon may be inside another, unless a vertex is outside all.
        return relating.part_count == 1 || seen.is_left ? CZONE_TOUCHES : CZONE_UNTOLD;
    }
    return relating.relations[CZONE_UNTOLD] > 0 ? CZONE_UNTOLD : CZONE_APART;
}

int czone_relation(const czone *zone, const czone *extent) {
    int32_t found[4] = {0, 0, 0, 0};
    for (int32_t i = 0; i < extent->part_count; i++) {
        found[relate_to_zone(zone, &extent->parts[i])]++;
        if (found[CZONE_TOUCHES] > 0 || (found[CZONE_WITHIN] > 0 && found[CZONE_APART] > 0)) return CZONE_TOUCHES;
    }
    if (found[CZONE_UNTOLD] > 0) return CZONE_UNTOLD;
    return found[CZONE_WITHIN] > 0 ? CZONE_WITHIN : CZONE_APART;
}
