// The places within a geodesic distance of a centre on WGS 84, by the rule of GeoEngine's GeodesicCircle.
#include "internal.h"

#include <math.h>

// EPSG:7030.
static const double SEMI_MAJOR = 6378137.0;
static const double FLATTENING = 1 / 298.257223563;
// The least and the greatest radius of curvature anywhere: b²/a and a²/b.
#define LEAST_CURVATURE (SEMI_MAJOR * (1 - FLATTENING) * (1 - FLATTENING))
#define GREATEST_CURVATURE (SEMI_MAJOR / (1 - FLATTENING))
// Bounds are only believed when they clear the radius by a metre: far more than their rounding.
static const double CLEARANCE = 1;
// Metres by which the scales of the centre may be wrong at the edge, so that the ellipsoid tells no more of a box.
static const double PRECISE = 0.5;
static const double RADIANS = 3.14159265358979323846 / 180;

static void cartesian(double longitude, double latitude, double *x, double *y, double *z) {
    double squared = FLATTENING * (2 - FLATTENING);
    double sine = sin(latitude * RADIANS), cosine = cos(latitude * RADIANS);
    double radius = SEMI_MAJOR / sqrt(1 - squared * sine * sine);
    *x = radius * cosine * cos(longitude * RADIANS);
    *y = radius * cosine * sin(longitude * RADIANS);
    *z = radius * (1 - squared) * sine;
}

void circle_prepare(circle_t *circle, const box_t *box) {
    geod_init(&circle->geodesic, SEMI_MAJOR, FLATTENING);
    cartesian(circle->longitude, circle->latitude, &circle->x, &circle->y, &circle->z);
    double nearest = box->south > 0 ? box->south : box->north < 0 ? box->north : 0;
    circle->greatest_cosine = cos(nearest * RADIANS);
    double slack = 1 + circle->error, inner = circle->radius - CLEARANCE - CELL_METRES;
    circle->surely_outside = (circle->radius + CLEARANCE + CELL_METRES) * slack;
    circle->surely_outside *= circle->surely_outside;
    circle->surely_inside = inner > 0 ? inner / slack * (inner / slack) : 0;
}

static double chord(const circle_t *circle, double longitude, double latitude) {
    double x, y, z;
    cartesian(longitude, latitude, &x, &y, &z);
    x -= circle->x;
    y -= circle->y;
    z -= circle->z;
    return sqrt(x * x + y * y + z * z);
}

/// No geodesic of this chord is longer: the arc of the most curved circle of the ellipsoid over it (Schur).
static double longest_arc(double chord) {
    return chord < LEAST_CURVATURE ? 2 * LEAST_CURVATURE * asin(chord / (2 * LEAST_CURVATURE)) : INFINITY;
}

int circle_box(const circle_t *circle, const box_t *bounds, const box_t *box) {
    if (!box_meets(bounds, box)) return CZONE_OUTSIDE;
    box_t clip = {most(box->west, bounds->west), most(box->south, bounds->south), least(box->east, bounds->east),
                  least(box->north, bounds->north)};
    bool is_whole = box_holds(bounds, box);
    double left = clip.west - circle->longitude, right = clip.east - circle->longitude;
    double down = clip.south - circle->latitude, up = clip.north - circle->latitude;
    // The nearest and the furthest place of the box, by the scales of the centre.
    double near_x = most(0, most(left, -right)) * circle->east_scale;
    double near_y = most(0, most(down, -up)) * circle->north_scale;
    double far_x = most(fabs(left), fabs(right)) * circle->east_scale;
    double far_y = most(fabs(down), fabs(up)) * circle->north_scale;
    if (near_x * near_x + near_y * near_y > circle->surely_outside) return CZONE_OUTSIDE;
    if (is_whole && far_x * far_x + far_y * far_y < circle->surely_inside) return CZONE_INSIDE;
    if (circle->radius * circle->error < PRECISE) return CZONE_UNDECIDED;
    // By the ellipsoid: the distance of the box's middle, give or take the way from there to its corners.
    double height = (clip.north - clip.south) * RADIANS, width = (clip.east - clip.west) * RADIANS;
    double half = GREATEST_CURVATURE * 0.5 * (height + width * circle->greatest_cosine);
    double middle = chord(circle, (clip.west + clip.east) / 2, (clip.south + clip.north) / 2);
    if (middle - half > circle->radius + CLEARANCE) return CZONE_OUTSIDE;
    return is_whole && longest_arc(middle) + half < circle->radius - CLEARANCE ? CZONE_INSIDE : CZONE_UNDECIDED;
}

int circle_cell(const circle_t *circle, double longitude, double latitude) {
    double x = (longitude - circle->longitude) * circle->east_scale;
    double y = (latitude - circle->latitude) * circle->north_scale, squared = x * x + y * y;
    if (squared > circle->surely_outside) return CZONE_OUTSIDE;
    if (squared < circle->surely_inside) return CZONE_INSIDE;
    // The chord is no longer than the arc, and within the same bounds.
    double straight = chord(circle, longitude, latitude);
    if (straight > circle->radius + CLEARANCE + CELL_METRES) return CZONE_OUTSIDE;
    if (longest_arc(straight) < circle->radius - CLEARANCE - CELL_METRES) return CZONE_INSIDE;
    double metres = 0, limit = circle->radius + circle->tolerance;
    geod_inverse(&circle->geodesic, circle->latitude, circle->longitude, latitude, longitude, &metres, NULL, NULL);
    if (metres > limit + CELL_METRES) return CZONE_OUTSIDE;
    return metres < limit - CELL_METRES ? CZONE_INSIDE : CZONE_UNDECIDED;
}

bool circle_contains(const circle_t *circle, double longitude, double latitude) {
    double straight = chord(circle, longitude, latitude);
    if (straight > circle->radius + CLEARANCE) return false;
    if (longest_arc(straight) < circle->radius - CLEARANCE) return true;
    double metres = 0;
    geod_inverse(&circle->geodesic, circle->latitude, circle->longitude, latitude, longitude, &metres, NULL, NULL);
    return metres <= circle->radius + circle->tolerance;
}
