#include "CGDAL.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <vector>

#include <gdal/cpl_conv.h>
#include <gdal/ogr_api.h>
#include <gdal/ogr_srs_api.h>

int cgdal_has_geometry(void *layer) { return OGR_L_GetGeomType(static_cast<OGRLayerH>(layer)) != wkbNone; }

int cgdal_extent(void *layer, double box[4]) {
    OGREnvelope envelope;
    if (OGR_L_GetExtent(static_cast<OGRLayerH>(layer), &envelope, TRUE) != OGRERR_NONE) return -1;
    box[0] = envelope.MinX;
    box[1] = envelope.MinY;
    box[2] = envelope.MaxX;
    box[3] = envelope.MaxY;
    return 0;
}

int cgdal_reference_system(void *layer, int *epsg, const char **name, const char **text) {
    *epsg = 0;
    OGRSpatialReferenceH known = OGR_L_GetSpatialRef(static_cast<OGRLayerH>(layer));
    // A GeoPackage's systems -1 and 0 are "undefined", as a local or an unknown one.
    if (!known || OSRIsLocal(known) || OSRIsGeocentric(known)) return -1;
    const char *own = OSRGetName(known);
    if (!own || std::strncmp(own, "Undefined", 9) == 0 || std::strcmp(own, "unknown") == 0) return -1;
    OGRSpatialReferenceH system = OSRClone(known);
    OSRStripVertical(system);
    OSRDemoteTo2D(system, nullptr);
    const char *authority = OSRGetAuthorityName(system, nullptr);
    const char *code = OSRGetAuthorityCode(system, nullptr);
    if (authority && code && std::strcmp(authority, "EPSG") == 0) *epsg = std::atoi(code);
    char *wkt = nullptr;
    const char *const options[] = {"FORMAT=WKT2_2019", nullptr};
    if (OSRExportToWktEx(system, &wkt, options) != OGRERR_NONE || !wkt) return -1;
    *name = CPLStrdup(OSRGetName(system));
    *text = wkt;
    OSRDestroySpatialReference(system);
    return 0;
}

// Whether there is nothing but polygons in it, however deep.
static bool is_area(OGRGeometryH geometry) {
    OGRwkbGeometryType type = wkbFlatten(OGR_G_GetGeometryType(geometry));
    if (type == wkbPolygon || type == wkbMultiPolygon) return true;
    if (type != wkbGeometryCollection || OGR_G_GetGeometryCount(geometry) == 0) return false;
    for (int i = 0; i < OGR_G_GetGeometryCount(geometry); i++)
        if (!is_area(OGR_G_GetGeometryRef(geometry, i))) return false;
    return true;
}

static bool takes_closed_lines = false;

void cgdal_take_closed_lines(void) { takes_closed_lines = true; }

// Degrees: some 50 m. A track that was walked comes back to where it began by as much as the receiver wavers.
static const double greatest_gap = 0.0005;

static bool ends_meet(OGRGeometryH first, OGRGeometryH last) {
    int end = OGR_G_GetPointCount(last) - 1;
    return std::fabs(OGR_G_GetX(first, 0) - OGR_G_GetX(last, end)) <= greatest_gap
        && std::fabs(OGR_G_GetY(first, 0) - OGR_G_GetY(last, end)) <= greatest_gap;
}

static void add_points(OGRGeometryH ring, OGRGeometryH line) {
    for (int i = 0; i < OGR_G_GetPointCount(line); i++) OGR_G_AddPoint_2D(ring, OGR_G_GetX(line, i), OGR_G_GetY(line, i));
}

static bool add_ring(OGRGeometryH area, OGRGeometryH ring) {
    int count = OGR_G_GetPointCount(ring);
    if (count < 3) { OGR_G_DestroyGeometry(ring); return false; }
    if (OGR_G_GetX(ring, 0) != OGR_G_GetX(ring, count - 1) || OGR_G_GetY(ring, 0) != OGR_G_GetY(ring, count - 1))
        OGR_G_AddPoint_2D(ring, OGR_G_GetX(ring, 0), OGR_G_GetY(ring, 0));
    OGRGeometryH polygon = OGR_G_CreateGeometry(wkbPolygon);
    OGR_G_AddGeometryDirectly(polygon, ring);
    OGR_G_AddGeometryDirectly(area, polygon);
    return true;
}

// The area that lines enclose: each by itself, or all of them one after the other. Null when they are open.
static OGRGeometryH area_of_lines(OGRGeometryH geometry) {
    OGRwkbGeometryType type = wkbFlatten(OGR_G_GetGeometryType(geometry));
    if (type != wkbLineString && type != wkbMultiLineString) return nullptr;
    std::vector<OGRGeometryH> lines;
    if (type == wkbLineString) lines.push_back(geometry);
    else for (int i = 0; i < OGR_G_GetGeometryCount(geometry); i++) lines.push_back(OGR_G_GetGeometryRef(geometry, i));
    bool each = !lines.empty();
    for (OGRGeometryH line : lines) {
        if (OGR_G_GetPointCount(line) < 1) return nullptr;
        each = each && OGR_G_GetPointCount(line) >= 4 && ends_meet(line, line);
    }
    OGRGeometryH area = OGR_G_CreateGeometry(wkbMultiPolygon);
    bool whole = true;
    if (each) {
        for (OGRGeometryH line : lines) {
            OGRGeometryH ring = OGR_G_CreateGeometry(wkbLinearRing);
            add_points(ring, line);
            whole = add_ring(area, ring) && whole;
        }
    } else {
        OGRGeometryH ring = OGR_G_CreateGeometry(wkbLinearRing);
        for (OGRGeometryH line : lines) add_points(ring, line);
        whole = !lines.empty() && OGR_G_GetPointCount(ring) >= 4 && ends_meet(lines.front(), lines.back());
        if (whole) whole = add_ring(area, ring);
        else OGR_G_DestroyGeometry(ring);
    }
    if (whole) return area;
    OGR_G_DestroyGeometry(area);
    return nullptr;
}

int cgdal_geometry(void *feature, int *type, const uint8_t **bytes, size_t *count) {
    static std::vector<uint8_t> buffer;
    OGRGeometryH own = OGR_F_GetGeometryRef(static_cast<OGRFeatureH>(feature));
    *bytes = nullptr;
    *count = 0;
    if (!own || OGR_G_IsEmpty(own)) return -1;
    // 0: OGR's own bound on how far a line may stray from its arc, a degree of the circle.
    OGRGeometryH geometry = OGR_G_GetLinearGeometry(own, 0, nullptr);
    if (!geometry) return -1;
    OGR_G_FlattenTo2D(geometry);
    *type = wkbFlatten(OGR_G_GetGeometryType(geometry));
    if (takes_closed_lines) {
        if (OGRGeometryH area = area_of_lines(geometry)) {
            OGR_G_DestroyGeometry(geometry);
            geometry = area;
        }
    }
    if (is_area(geometry)) {
        geometry = OGR_G_ForceToMultiPolygon(geometry);
        OGR_G_CloseRings(geometry);
        *type = wkbMultiPolygon;
        buffer.resize(static_cast<size_t>(OGR_G_WkbSize(geometry)));
        if (OGR_G_ExportToIsoWkb(geometry, wkbNDR, buffer.data()) == OGRERR_NONE) {
            *bytes = buffer.data();
            *count = buffer.size();
        }
    }
    OGR_G_DestroyGeometry(geometry);
    return 0;
}
