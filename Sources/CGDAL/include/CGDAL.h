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
/* Whether a sheet of an XLSX file has a cell of inline text in several runs. */
int cgdal_has_inline_runs(const char *path);

/* A file read only, by one driver. NULL when it cannot be read. options: "KEY=VALUE", ended by NULL. */
void *cgdal_open(const char *path, const char *driver, const char *const *options);
void cgdal_close(void *dataset);

int cgdal_layer_count(void *dataset);
void *cgdal_layer(void *dataset, int index);
const char *cgdal_layer_name(void *layer);
/* As the file states or as counted; -1 when not known without reading all of it. */
int64_t cgdal_feature_count(void *layer);
void cgdal_rewind(void *layer);

enum { CGDAL_TEXT = 0, CGDAL_INTEGER = 1, CGDAL_REAL = 2, CGDAL_BOOLEAN = 3 };
int cgdal_field_count(void *layer);
const char *cgdal_field_name(void *layer, int index);
int cgdal_field_kind(void *layer, int index);

/* The next feature, or NULL after the last or on a fault (see cgdal_complaint). Free it. */
void *cgdal_next(void *layer);
void cgdal_free(void *feature);
int64_t cgdal_feature_id(void *feature);
/* NULL when the field is unset or null. Not always UTF-8: a file may lie about its encoding. */
const char *cgdal_text(void *feature, int index);
int64_t cgdal_integer(void *feature, int index);
double cgdal_real(void *feature, int index);

#ifdef __cplusplus
}
#endif

#endif
