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

/// Where a place lies. Exact.
static int locate(const part_t *part, double x, double y) {
    return outline_locate(&part->outline, (twice_t){2 * x, 0}, (twice_t){2 * y, 0});
}

static int locate_first(const part_t *part, const part_t *other) {
    return locate(part, other->outline.positions[0], other->outline.positions[1]);
}

/// The sum, exactly (D. E. Knuth).
static twice_t middle(double a, double b) {
    double sum = a + b, part = sum - a;
    return (twice_t){sum, (a - (sum - part)) + (b - part)};
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

/// An edge of a surface, beside the edges of a polygon.
typedef struct {
    const edge_t *edge;
    box_t box;
    place_t places[MOST_SPLITS + 2];
    int count;
    bool touches, crosses, is_full;
} following_t;

static bool note(following_t *following, double x, double y) {
    for (int i = 0; i < following->count; i++) {
        if (following->places[i].x == x && following->places[i].y == y) return true;
    }
    following->is_full = following->count == MOST_SPLITS;
    if (!following->is_full) following->places[following->count++] = (place_t){x, y};
    return !following->is_full;
}

/// Notes the vertices of an edge of the polygon that lie on the one that is followed. Returns false once all is told.
static bool meet(void *context, const edge_t *other) {
    following_t *following = context;
    const edge_t *edge = following->edge;
    int a = orientation(edge->ax, edge->ay, edge->bx, edge->by, other->ax, other->ay);
    int b = orientation(edge->ax, edge->ay, edge->bx, edge->by, other->bx, other->by);
    if (a * b > 0) return true;
    int c = orientation(other->ax, other->ay, other->bx, other->by, edge->ax, edge->ay);
    int d = orientation(other->ax, other->ay, other->bx, other->by, edge->bx, edge->by);
    if (c * d > 0) return true;
    if (a * b < 0 && c * d < 0) {
        following->crosses = true;
        return false;
    }
    following->touches = true;
    if (a == 0 && is_in(&following->box, other->ax, other->ay) && !note(following, other->ax, other->ay)) return false;
    return b != 0 || !is_in(&following->box, other->bx, other->by) || note(following, other->bx, other->by);
}

/// Looks where an edge runs: within the polygon, along its boundary, outside. Returns false when that is left to others.
static bool follow(const part_t *part, const edge_t *edge, seen_t *seen) {
    following_t following = {.edge = edge, .box = box_of(edge)};
    outline_each_edge(&part->outline, &following.box, meet, &following);
    if (following.is_full) return false;
    if (following.crosses) {
        // It is on both sides.
        seen->is_met = seen->is_left = true;
        return true;
    }
    if (!following.touches) {
        if (locate(part, edge->ax, edge->ay) == PLACE_OUTSIDE) seen->is_left = true;
        else seen->is_met = true;
        return true;
    }
    seen->is_met = true;
    place_t *places = following.places;
    int count = following.count;
    places[count++] = (place_t){edge->ax, edge->ay};
    places[count++] = (place_t){edge->bx, edge->by};
    sort(places, count);
    // Between two of these places the edge meets no vertex of the polygon and crosses no edge: it lies along one, or
    // apart from all. The middle tells which.
    for (int i = 0; i + 1 < count; i++) {
        if (places[i].x == places[i + 1].x && places[i].y == places[i + 1].y) continue;
        twice_t x = middle(places[i].x, places[i + 1].x), y = middle(places[i].y, places[i + 1].y);
        if (outline_locate(&part->outline, x, y) == PLACE_OUTSIDE) seen->is_left = true;
    }
    return true;
}

/// Whether a hole of the zone's polygon lies in the surface, whose whole boundary is in that polygon: then none of the
/// holes is cut by it. Any vertex tells that is not on the surface's boundary; -1 when all are.
static int holds_hole(const part_t *surface, const part_t *part, int32_t ring) {
    const outline_t *outline = &part->outline;
    for (int32_t i = outline->ring_starts[ring]; i + 1 < outline->ring_starts[ring + 1]; i++) {
        const edge_t *edge = outline_edge(outline, i);
        switch (locate(surface, edge->ax, edge->ay)) {
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
    const outline_t *outline = &surface->outline;
    for (int32_t i = 0; i + 1 < outline->vertex_count; i++) {
        if (!outline_has_edge(outline, i)) continue;
        const edge_t *edge = outline_edge(outline, i);
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
        return locate_first(surface, part) == PLACE_OUTSIDE
                   ? CZONE_APART : CZONE_TOUCHES;
    }
    for (int32_t ring = 1; ring < part->outline.ring_count; ring++) {
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
    holding->is_held = locate_first(holding->surface, part) != PLACE_OUTSIDE;
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
    const outline_t *outline = &surface->outline;
    for (int32_t i = 0; i + 1 < outline->vertex_count; i++) {
        const edge_t *edge = outline_edge(outline, i);
        if (czone_contains(zone, edge->ax, edge->ay)) seen.is_met = true;
        else seen.is_left = true;
        if (seen.is_met && seen.is_left) return CZONE_TOUCHES;
    }
    bool is_open = false;
    for (int32_t i = 0; i + 1 < outline->vertex_count; i++) {
        if (!outline_has_edge(outline, i)) continue;
        box_t box = box_of(outline_edge(outline, i));
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
        return locate(surface, circle->longitude, circle->latitude) == PLACE_OUTSIDE
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
