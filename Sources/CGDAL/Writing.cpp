#include "CGDAL.h"

#include <gdal/gdal.h>
#include <gdal/ogr_api.h>

void *cgdal_create_workbook(const char *path, const char *sheet, void **layer) {
    GDALDriverH driver = GDALGetDriverByName("XLSX");
    GDALDatasetH dataset = driver ? GDALCreate(driver, path, 0, 0, 0, GDT_Unknown, nullptr) : nullptr;
    *layer = dataset ? GDALDatasetCreateLayer(dataset, sheet, nullptr, wkbNone, nullptr) : nullptr;
    return *layer ? dataset : nullptr;
}

int cgdal_add_column(void *layer, const char *name, int is_number) {
    OGRFieldDefnH field = OGR_Fld_Create(name, is_number ? OFTReal : OFTString);
    OGRErr error = OGR_L_CreateField(static_cast<OGRLayerH>(layer), field, FALSE);
    OGR_Fld_Destroy(field);
    return error == OGRERR_NONE ? 0 : -1;
}

void *cgdal_new_row(void *layer) { return OGR_F_Create(OGR_L_GetLayerDefn(static_cast<OGRLayerH>(layer))); }

void cgdal_set_text(void *row, int column, const char *text) {
    OGR_F_SetFieldString(static_cast<OGRFeatureH>(row), column, text);
}

void cgdal_set_number(void *row, int column, double number) {
    OGR_F_SetFieldDouble(static_cast<OGRFeatureH>(row), column, number);
}

int cgdal_add_row(void *layer, void *row) {
    return OGR_L_CreateFeature(static_cast<OGRLayerH>(layer), static_cast<OGRFeatureH>(row)) == OGRERR_NONE ? 0 : -1;
}
