#ifndef CGDAL_H
#define CGDAL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What Tocsin needs of GDAL/OGR, in one process that reads or writes one file and ends. GDAL's own headers stay behind
 * this one. Not for more than one thread. Texts are UTF-8 unless said otherwise, and live until the next call with the
 * same handle. Handles are opaque. */

/* What the process may use up, for good: call before anything else. 0 when every limit holds.
 * A process that asks for more memory ends with CGDAL_EXIT_MEMORY, one that computes longer is killed by SIGXCPU.
 * It can make no socket, run no program, and dies with the process that started it. */
enum { CGDAL_EXIT_MEMORY = 75, CGDAL_EXIT_FATAL = 76 };
int cgdal_confine(uint64_t address_space_bytes, uint64_t cpu_seconds, uint64_t file_bytes);

/* Makes GDAL know the driver of that name, and only those so named. 0 when there is one. */
int cgdal_register(const char *driver);

/* What GDAL complained of since the last cgdal_forget, for comparison only: it may hold the file's content.
 * NULL: nothing was wrong. Warnings count only where data would be lost. */
const char *cgdal_complaint(void);
int cgdal_out_of_memory(void);
void cgdal_forget(void);

/* Sets one of GDAL's options for the process. */
void cgdal_configure(const char *key, const char *value);

/* Whether a plain file holds these bytes in its first 64 MiB. */
int cgdal_file_contains(const char *path, const char *bytes, size_t count);
/* Whether an XML document declares entities or the like, which no exchange format needs. */
int cgdal_has_doctype(const char *path);
/* Whether a sheet of an XLSX file has a cell of inline text in several runs. */
int cgdal_has_inline_runs(const char *path);
/* Whether a table of an ODS file holds anything in or below a row that is repeated more than 65,536 times. */
int cgdal_has_rows_after_gap(const char *path);

/* A file read only, by one driver. NULL when it cannot be read. options: "KEY=VALUE", ended by NULL. */
void *cgdal_open(const char *path, const char *driver, const char *const *options);
void cgdal_close(void *dataset);

int cgdal_layer_count(void *dataset);
void *cgdal_layer(void *dataset, int index);
const char *cgdal_layer_name(void *layer);
/* As the file states or as counted; -1 when not known without reading all of it. */
int64_t cgdal_feature_count(void *layer);
/* The same, by reading all of it where the file does not say. */
int64_t cgdal_feature_count_exactly(void *layer);
void cgdal_rewind(void *layer);

enum { CGDAL_TEXT = 0, CGDAL_INTEGER = 1, CGDAL_REAL = 2, CGDAL_BOOLEAN = 3, CGDAL_TEXTS = 4, CGDAL_REALS = 5 };
int cgdal_field_count(void *layer);
const char *cgdal_field_name(void *layer, int index);
int cgdal_field_kind(void *layer, int index);

/* The next feature, or NULL after the last or on a fault (see cgdal_complaint). Free it. */
void *cgdal_next(void *layer);
void cgdal_free(void *feature);
int64_t cgdal_feature_id(void *feature);
/* NULL when the field is unset or null. Not always UTF-8: a file may lie about its encoding. */
const char *cgdal_text(void *feature, int index);
/* Windows-1252 as UTF-8. */
const char *cgdal_from_windows(const char *text);
int cgdal_is_set(void *feature, int index);
int64_t cgdal_integer(void *feature, int index);
double cgdal_real(void *feature, int index);
/* The texts or numbers of a list, which is left in *count. */
const char *const *cgdal_texts(void *feature, int index, int *count);
const double *cgdal_reals(void *feature, int index, int *count);

/* Whether the layer's features have geometry at all. */
int cgdal_has_geometry(void *layer);
/* A layer's horizontal reference system. *epsg is 0 when it has no such code, *name and *text live as long as the
 * process. 0 when the layer names a system. */
int cgdal_reference_system(void *layer, int *epsg, const char **name, const char **text);
/* West, south, east, north, in the layer's own units. 0 when there is one. */
int cgdal_extent(void *layer, double box[4]);
/* From now on lines in degrees whose ends meet to some 50 m are polygons: tracks that somebody walked or drew. */
void cgdal_take_closed_lines(void);

/* A feature's geometry as little-endian WKB: curves made lines, Z and M dropped, polygons made one multipolygon where
 * there is nothing but polygons. *type is OGC's number of what it was (3: Polygon, 6: MultiPolygon…). *bytes lives until
 * the feature is freed or the next call. 0 when there is a geometry and it is not empty. */
int cgdal_geometry(void *feature, int *type, const uint8_t **bytes, size_t *count);

/* A file's size, or -1; and bytes of it, as many as there are. The path may lie in an archive (/vsizip/). */
int64_t cgdal_size(const char *path);
size_t cgdal_read(const char *path, int64_t offset, void *bytes, size_t count);
/* Reads a file to its end, check sum included, and counts its bytes; -1 when it can't be opened. */
int64_t cgdal_count(const char *path);

/* Whether a database holds virtual tables but for spatial indexes: reading one runs whatever module it names, such as
 * one that reads another file. 0: it does not, 1: it does, -1: it can't be read. */
int cgdal_has_foreign_tables(const char *path);

/* A new workbook of one sheet, held in memory and written when closed. NULL when it cannot be. */
void *cgdal_create_workbook(const char *path, const char *sheet, void **layer);
/* A column of texts, or of numbers. 0 when added. */
int cgdal_add_column(void *layer, const char *name, int is_number);
/* A new row, to be filled, added and freed. */
void *cgdal_new_row(void *layer);
void cgdal_set_text(void *row, int column, const char *text);
void cgdal_set_number(void *row, int column, double number);
int cgdal_add_row(void *layer, void *row);

#ifdef __cplusplus
}
#endif

#endif
