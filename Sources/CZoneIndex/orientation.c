// The sign of a 2 × 2 determinant of differences, exact.
//
// A floating-point filter settles nearly every case; the rest is summed as an expansion of doubles that do not
// overlap (J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric Predicates", 1997).
// Exact unless a product underflows, which takes coordinates below 1e-140 degrees.
#include "internal.h"

#include <math.h>

#pragma STDC FP_CONTRACT OFF

static const double FILTER = ORIENTATION_FILTER;

/// Adds a double to an expansion of `count` components, smallest first: exactly, by one component more at most.
static int grow(double *expansion, int count, double added) {
    int kept = 0;
    double sum = added;
    for (int i = 0; i < count; i++) {
        double a = sum, b = expansion[i];
        double s = a + b;
        double bv = s - a;
        double error = (a - (s - bv)) + (b - bv);
        sum = s;
        if (error != 0) expansion[kept++] = error;
    }
    if (sum != 0 || kept == 0) expansion[kept++] = sum;
    return kept;
}

static int grow_by_product(double *expansion, int count, double a, double b) {
    double product = a * b;
    count = grow(expansion, count, fma(a, b, -product));
    return grow(expansion, count, product);
}

static int exact(double ax, double ay, double bx, double by, double px, double py) {
    // (ax - px)(by - py) - (ay - py)(bx - px), multiplied out; the two products px py cancel.
    double sum[16];
    int count = 0;
    count = grow_by_product(sum, count, ax, by);
    count = grow_by_product(sum, count, -ax, py);
    count = grow_by_product(sum, count, -px, by);
    count = grow_by_product(sum, count, -ay, bx);
    count = grow_by_product(sum, count, ay, px);
    count = grow_by_product(sum, count, py, bx);
    double largest = sum[count - 1];
    return (largest > 0) - (largest < 0);
}

int orientation(double ax, double ay, double bx, double by, double px, double py) {
    double left = (ax - px) * (by - py);
    double right = (ay - py) * (bx - px);
    double determinant = left - right;
    double bound = FILTER * (fabs(left) + fabs(right));
    if (determinant > bound) return 1;
    if (-determinant > bound) return -1;
    return exact(ax, ay, bx, by, px, py);
}

static int exact_of_twice(double ax, double ay, double bx, double by, twice_t px, twice_t py) {
    double sum[32];
    int count = 0;
    count = grow_by_product(sum, count, ax, by);
    count = grow_by_product(sum, count, -ax, py.low);
    count = grow_by_product(sum, count, -ax, py.high);
    count = grow_by_product(sum, count, -px.low, by);
    count = grow_by_product(sum, count, -px.high, by);
    count = grow_by_product(sum, count, -ay, bx);
    count = grow_by_product(sum, count, ay, px.low);
    count = grow_by_product(sum, count, ay, px.high);
    count = grow_by_product(sum, count, py.low, bx);
    count = grow_by_product(sum, count, py.high, bx);
    double largest = sum[count - 1];
    return (largest > 0) - (largest < 0);
}

int orientation_of_twice(double ax, double ay, double bx, double by, twice_t px, twice_t py) {
    // Doubling is exact, and so the line is the same.
    ax *= 2, ay *= 2, bx *= 2, by *= 2;
    double left = (ax - px.high) * (by - py.high);
    double right = (ay - py.high) * (bx - px.high);
    double determinant = left - right;
    // What the low parts change, twice over, and the filter's own bound.
    double bound = 2 * FILTER * (fabs(left) + fabs(right)) +
                   2 * (fabs(px.low) * fabs(by - ay) + fabs(py.low) * fabs(bx - ax));
    if (determinant > bound) return 1;
    if (-determinant > bound) return -1;
    return exact_of_twice(ax, ay, bx, by, px, py);
}
