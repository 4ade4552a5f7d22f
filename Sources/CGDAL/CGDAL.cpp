#include "CGDAL.h"

#include <cstring>
#include <string>
#include <unistd.h>

#include <gdal/cpl_conv.h>
#include <gdal/cpl_error.h>
#include <gdal/cpl_string.h>
#include <gdal/gdal.h>
#include <gdal/ogr_api.h>
#include <gdal/ogr_srs_api.h>

// ogrsf_frmts.h declares these; it also brings all of OGR's C++.
extern "C" {
void RegisterOGRFlatGeobuf();
void RegisterOGRGPX();
void RegisterOGRGeoPackage();
void RegisterOGRLIBKML();
void RegisterOGRODS();
void RegisterOGRShape();
void RegisterOGRTAB();
void RegisterOGRTopoJSON();
void RegisterOGRXLS();
void RegisterOGRXLSX();
}

namespace {

std::string complaint;
bool has_complaint = false;
bool is_out_of_memory = false;

bool starts(const char *text, const char *prefix) { return std::strncmp(text, prefix, std::strlen(prefix)) == 0; }

// GDAL goes on after most errors, with less than the file holds: every one is kept, and looked at after each step.
void on_error(CPLErr severity, CPLErrorNum number, const char *message) {
    if (number == CPLE_OutOfMemory) is_out_of_memory = true;
    if (severity == CE_Fatal) _exit(number == CPLE_OutOfMemory ? CGDAL_EXIT_MEMORY : CGDAL_EXIT_FATAL);
    bool loses_data = severity == CE_Warning && starts(message, "Limiting number of columns");
    if (severity < CE_Failure && !loses_data) return;
    // Said of XLSX rows without a number, or far below the last one: only the number of the row is lost.
    if (starts(message, "Invalid row:")) return;
    if (has_complaint) return;
    has_complaint = true;
    complaint = message;
}

}  // namespace

int cgdal_register(const char *driver) {
    static const struct {
        const char *name;
        void (*add)();
    } known[] = {
        {"ESRI Shapefile", RegisterOGRShape}, {"GPKG", RegisterOGRGeoPackage}, {"TopoJSON", RegisterOGRTopoJSON},
        {"FlatGeobuf", RegisterOGRFlatGeobuf}, {"LIBKML", RegisterOGRLIBKML}, {"GPX", RegisterOGRGPX},
        {"MapInfo File", RegisterOGRTAB}, {"XLSX", RegisterOGRXLSX}, {"XLS", RegisterOGRXLS}, {"ODS", RegisterOGRODS},
    };
    CPLSetErrorHandler(on_error);
    for (const auto &entry : known) {
        if (std::strcmp(entry.name, driver) != 0) continue;
        entry.add();
        return GDALGetDriverByName(driver) ? 0 : -1;
    }
    return -1;
}

const char *cgdal_complaint(void) { return has_complaint ? complaint.c_str() : nullptr; }
int cgdal_out_of_memory(void) { return is_out_of_memory; }
void cgdal_forget(void) {
    has_complaint = false;
    complaint.clear();
}

void cgdal_configure(const char *key, const char *value) { CPLSetConfigOption(key, value); }

void *cgdal_open(const char *path, const char *driver, const char *const *options) {
    const char *const drivers[] = {driver, nullptr};
    return GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, options, nullptr);
}
void cgdal_close(void *dataset) { GDALClose(dataset); }

int cgdal_layer_count(void *dataset) { return GDALDatasetGetLayerCount(dataset); }
void *cgdal_layer(void *dataset, int index) { return GDALDatasetGetLayer(dataset, index); }
const char *cgdal_layer_name(void *layer) { return OGR_L_GetName(static_cast<OGRLayerH>(layer)); }
int64_t cgdal_feature_count(void *layer) { return OGR_L_GetFeatureCount(static_cast<OGRLayerH>(layer), FALSE); }
int64_t cgdal_feature_count_exactly(void *layer) { return OGR_L_GetFeatureCount(static_cast<OGRLayerH>(layer), TRUE); }
void cgdal_rewind(void *layer) { OGR_L_ResetReading(static_cast<OGRLayerH>(layer)); }

int cgdal_field_count(void *layer) { return OGR_FD_GetFieldCount(OGR_L_GetLayerDefn(static_cast<OGRLayerH>(layer))); }

static OGRFieldDefnH definition(void *layer, int index) {
    return OGR_FD_GetFieldDefn(OGR_L_GetLayerDefn(static_cast<OGRLayerH>(layer)), index);
}
const char *cgdal_field_name(void *layer, int index) { return OGR_Fld_GetNameRef(definition(layer, index)); }
int cgdal_field_kind(void *layer, int index) {
    OGRFieldDefnH field = definition(layer, index);
    switch (OGR_Fld_GetType(field)) {
        case OFTInteger: return OGR_Fld_GetSubType(field) == OFSTBoolean ? CGDAL_BOOLEAN : CGDAL_INTEGER;
        case OFTInteger64: return CGDAL_INTEGER;
        case OFTReal: return CGDAL_REAL;
        case OFTStringList: return CGDAL_TEXTS;
        case OFTRealList: return CGDAL_REALS;
        default: return CGDAL_TEXT;
    }
}

void *cgdal_next(void *layer) { return OGR_L_GetNextFeature(static_cast<OGRLayerH>(layer)); }
void cgdal_free(void *feature) { OGR_F_Destroy(static_cast<OGRFeatureH>(feature)); }
int64_t cgdal_feature_id(void *feature) { return OGR_F_GetFID(static_cast<OGRFeatureH>(feature)); }

const char *cgdal_text(void *feature, int index) {
    OGRFeatureH handle = static_cast<OGRFeatureH>(feature);
    return OGR_F_IsFieldSetAndNotNull(handle, index) ? OGR_F_GetFieldAsString(handle, index) : nullptr;
}
const char *cgdal_from_windows(const char *text) {
    static std::string converted;
    char *copy = CPLRecode(text, "CP1252", CPL_ENC_UTF8);
    converted = copy ? copy : "";
    CPLFree(copy);
    return converted.c_str();
}
int cgdal_is_set(void *feature, int index) {
    return OGR_F_IsFieldSetAndNotNull(static_cast<OGRFeatureH>(feature), index);
}
int64_t cgdal_integer(void *feature, int index) {
    return OGR_F_GetFieldAsInteger64(static_cast<OGRFeatureH>(feature), index);
}
double cgdal_real(void *feature, int index) {
    return OGR_F_GetFieldAsDouble(static_cast<OGRFeatureH>(feature), index);
}
const char *const *cgdal_texts(void *feature, int index, int *count) {
    char **texts = OGR_F_GetFieldAsStringList(static_cast<OGRFeatureH>(feature), index);
    *count = CSLCount(texts);
    return texts;
}
const double *cgdal_reals(void *feature, int index, int *count) {
    return OGR_F_GetFieldAsDoubleList(static_cast<OGRFeatureH>(feature), index, count);
}
