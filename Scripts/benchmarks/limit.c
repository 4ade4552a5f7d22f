// Purpose: the limit of selecting places: arrays in memory in the order of a grid's cells, a zone prepared by that grid, and
// nothing else: no database, no edits, no discs, no communes, no channels.
// Usage: limit PLACES < ZONES. PLACES: pairs of doubles, longitude and latitude. ZONES: text; for each zone its kind and
// numbers: `area PARTS`, then for each part `VERTICES` and its coordinates (rings do not matter: every edge counts);
// `circle LON LAT METRES`. Prints for each zone the places inside, and the median milliseconds of listing them once it is
// prepared, and of preparing it.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SIDE = 2048, REPEATS = 9 };

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double west = 1e9, south = 1e9, east = -1e9, north = -1e9, *xs, *ys;
static int count, *ids, *starts;

static int clip(double cell) { return cell < 0 ? 0 : cell >= SIDE ? SIDE - 1 : (int)cell; }
static int column(double x) { return clip((x - west) / (east - west) * SIDE); }
static int row(double y) { return clip((y - south) / (north - south) * SIDE); }

static void load(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) exit(2);
    fseek(file, 0, SEEK_END);
    count = (int)(ftell(file) / 16);
    rewind(file);
    double *raw = malloc(16 * (size_t)count);
    if (fread(raw, 16, (size_t)count, file) != (size_t)count) exit(2);
    fclose(file);
    for (int i = 0; i < count; i++) {
        west = fmin(west, raw[2 * i]), east = fmax(east, raw[2 * i]);
        south = fmin(south, raw[2 * i + 1]), north = fmax(north, raw[2 * i + 1]);
    }
    starts = calloc((size_t)SIDE * SIDE + 2, sizeof(int));
    for (int i = 0; i < count; i++) starts[row(raw[2 * i + 1]) * SIDE + column(raw[2 * i]) + 2]++;
    for (int i = 1; i < SIDE * SIDE + 1; i++) starts[i + 1] += starts[i];
    xs = malloc(8 * (size_t)count), ys = malloc(8 * (size_t)count), ids = malloc(4 * (size_t)count);
    for (int i = 0; i < count; i++) {
        int at = starts[row(raw[2 * i + 1]) * SIDE + column(raw[2 * i]) + 1]++;
        xs[at] = raw[2 * i], ys[at] = raw[2 * i + 1], ids[at] = i;
    }
    free(raw);
}

static double *edges;
static int edge_count, *slab_starts, *slab_edges, slabs;
static double low, high;

static int slab(double y) {
    int s = (int)((y - low) / (high - low) * slabs);
    return s < 0 ? 0 : s >= slabs ? slabs - 1 : s;
}

/// Even-odd, in long doubles: right to far less than the seventh decimal.
static int inside(double x, double y) {
    int crossings = 0, s = slab(y);
    for (int i = slab_starts[s]; i < slab_starts[s + 1]; i++) {
        const double *e = edges + 4 * slab_edges[i];
        if ((e[1] > y) != (e[3] > y)) {
            long double at = e[0] + (long double)(y - e[1]) * (e[2] - e[0]) / (e[3] - e[1]);
            crossings += at > x;
        } else if (e[1] == y && e[3] == y && (e[0] - x) * (e[2] - x) <= 0) {
            return 1;
        }
    }
    return crossings & 1;
}

static unsigned char *kinds;
enum { BOUNDARY = 1, INSIDE = 2 };

static void prepare_slabs(void) {
    low = 1e9, high = -1e9;
    for (int i = 0; i < edge_count; i++) {
        low = fmin(low, fmin(edges[4 * i + 1], edges[4 * i + 3])), high = fmax(high, fmax(edges[4 * i + 1], edges[4 * i + 3]));
    }
    slabs = edge_count < 8192 ? edge_count : 8192;
    slab_starts = calloc((size_t)slabs + 2, sizeof(int));
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < edge_count; i++) {
            int a = slab(edges[4 * i + 1]), b = slab(edges[4 * i + 3]);
            for (int s = a < b ? a : b; s <= (a < b ? b : a); s++) {
                if (pass == 0) slab_starts[s + 2]++;
                else slab_edges[slab_starts[s + 1]++] = i;
            }
        }
        if (pass == 0) {
            for (int s = 1; s <= slabs; s++) slab_starts[s + 1] += slab_starts[s];
            slab_edges = malloc(sizeof(int) * (size_t)(slab_starts[slabs + 1] + 1));
        }
    }
}

static double left, right;

/// The kind of every cell of the grid: one place of each run of cells that no edge touches tells for all.
static void prepare(void) {
    prepare_slabs();
    left = 1e9, right = -1e9;
    memset(kinds, 0, (size_t)SIDE * SIDE);
    double height = (north - south) / SIDE, width = (east - west) / SIDE;
    for (int i = 0; i < edge_count; i++) {
        const double *e = edges + 4 * i;
        left = fmin(left, fmin(e[0], e[2])), right = fmax(right, fmax(e[0], e[2]));
        double slope = e[3] != e[1] ? (e[2] - e[0]) / (e[3] - e[1]) : 0;
        int last = row(fmax(e[1], e[3]) + 1e-9);
        for (int r = row(fmin(e[1], e[3]) - 1e-9); r <= last; r++) {
            double a = fmin(e[0], e[2]), b = fmax(e[0], e[2]);
            if (e[3] != e[1]) {
                double y0 = south + r * height - 1e-9, p = e[0] + (y0 - e[1]) * slope, q = p + (height + 2e-9) * slope;
                a = fmax(a, fmin(p, q)), b = fmin(b, fmax(p, q));
            }
            for (int c = column(a - 1e-9); c <= column(b + 1e-9); c++) kinds[r * SIDE + c] = BOUNDARY;
        }
    }
    int c0 = column(left), c1 = column(right);
    for (int r = row(low); r <= row(high); r++) {
        int known = -1;
        for (int c = c0; c <= c1; c++) {
            unsigned char *kind = &kinds[r * SIDE + c];
            if (*kind == BOUNDARY) {
                known = -1;
                continue;
            }
            if (known < 0) known = inside(west + (c + .5) * width, south + (r + .5) * height);
            if (known) *kind = INSIDE;
        }
    }
}

static int list_area(int *found) {
    int hits = 0, c0 = column(left), c1 = column(right);
    for (int r = row(low); r <= row(high); r++) {
        for (int c = c0; c <= c1; c++) {
            int cell = r * SIDE + c, first = starts[cell], end = starts[cell + 1];
            if (kinds[cell] == INSIDE) {
                while (c < c1 && kinds[r * SIDE + c + 1] == INSIDE) c++;
                end = starts[r * SIDE + c + 1];
                memcpy(found + hits, ids + first, sizeof(int) * (size_t)(end - first));
                hits += end - first;
            } else if (kinds[cell] == BOUNDARY) {
                for (int i = first; i < end; i++) {
                    if (inside(xs[i], ys[i])) found[hits++] = ids[i];
                }
            }
        }
    }
    return hits;
}

/// By a local scale, which is near enough for a limit: the ellipsoid is not asked.
static int list_circle(double x, double y, double metres, int *found) {
    double e2 = 0.0066943799901413165, s = sin(y * M_PI / 180), w = sqrt(1 - e2 * s * s);
    double kx = 6378137 / w * cos(y * M_PI / 180) * M_PI / 180, ky = 6378137 * (1 - e2) / (w * w * w) * M_PI / 180;
    double dx = metres / kx * 1.02, dy = metres / ky * 1.02, far = metres * metres;
    int hits = 0;
    for (int r = row(y - dy); r <= row(y + dy); r++) {
        for (int i = starts[r * SIDE + column(x - dx)]; i < starts[r * SIDE + column(x + dx) + 1]; i++) {
            double a = (xs[i] - x) * kx, b = (ys[i] - y) * ky;
            found[hits] = ids[i];
            hits += a * a + b * b <= far;
        }
    }
    return hits;
}

int main(int arguments, char **words) {
    if (arguments != 2) return 2;
    load(words[1]);
    int *found = malloc(sizeof(int) * ((size_t)count + 1));
    kinds = malloc((size_t)SIDE * SIDE);
    char kind[16];
    while (scanf("%15s", kind) == 1) {
        double times[REPEATS], x = 0, y = 0, metres = 0;
        int hits = 0, parts = 0;
        edge_count = 0;
        if (kind[0] == 'a') {
            if (scanf("%d", &parts) != 1) return 2;
            for (int part = 0; part < parts; part++) {
                int vertices;
                if (scanf("%d", &vertices) != 1) return 2;
                edges = realloc(edges, 32 * (size_t)(edge_count + vertices));
                double px = 0, py = 0;
                for (int i = 0; i < vertices; i++) {
                    if (scanf("%lf %lf", &x, &y) != 2) return 2;
                    if (i > 0) memcpy(edges + 4 * edge_count++, (double[]){px, py, x, y}, 32);
                    px = x, py = y;
                }
            }
        } else if (scanf("%lf %lf %lf", &x, &y, &metres) != 3) {
            return 2;
        }
        double prepared = now();
        if (kind[0] == 'a') prepare();
        prepared = now() - prepared;
        for (int i = 0; i < REPEATS; i++) {
            double start = now();
            hits = kind[0] == 'a' ? list_area(found) : list_circle(x, y, metres, found);
            times[i] = now() - start;
        }
        qsort(times, REPEATS, sizeof(double), by_size);
        printf("%d %.4f %.4f\n", hits, times[REPEATS / 2], prepared);
        if (kind[0] == 'a') free(slab_starts), free(slab_edges);
    }
    return 0;
}
