#include "CPrint.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdlib.h>

// Debian's fonts-dejavu-core. Pango takes what else there is for letters it lacks.
static const char *const family = "DejaVu Sans";

struct cprint_document {
    cairo_surface_t *surface;
    cairo_t *context;
    PangoLayout *layout;
    PangoFontDescription *font;
};

static void set_colour(cairo_t *context, uint32_t colour) {
    cairo_set_source_rgb(context, ((colour >> 16) & 255) / 255.0, ((colour >> 8) & 255) / 255.0, (colour & 255) / 255.0);
}

static cprint_document *open_on(cairo_surface_t *surface) {
    cprint_document *document = calloc(1, sizeof *document);
    if (document == NULL) {
        cairo_surface_destroy(surface);
        return NULL;
    }
    document->surface = surface;
    document->context = cairo_create(document->surface);
    if (cairo_surface_status(document->surface) != CAIRO_STATUS_SUCCESS ||
        cairo_status(document->context) != CAIRO_STATUS_SUCCESS) {
        cairo_destroy(document->context);
        cairo_surface_destroy(document->surface);
        free(document);
        return NULL;
    }
    document->layout = pango_cairo_create_layout(document->context);
    document->font = pango_font_description_new();
    pango_font_description_set_family(document->font, family);
    pango_layout_set_wrap(document->layout, PANGO_WRAP_WORD_CHAR);
    return document;
}

cprint_document *cprint_open(const char *path, double width, double height, const char *title, const char *creator) {
    cprint_document *document = open_on(cairo_pdf_surface_create(path, width, height));
    if (document == NULL) return NULL;
    cairo_pdf_surface_set_metadata(document->surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(document->surface, CAIRO_PDF_METADATA_CREATOR, creator);
    return document;
}

cprint_document *cprint_open_image(double width, double height, double scale) {
    int columns = (int)(width * scale + 0.5), rows = (int)(height * scale + 0.5);
    cprint_document *document = open_on(cairo_image_surface_create(CAIRO_FORMAT_RGB24, columns, rows));
    if (document == NULL) return NULL;
    cairo_set_source_rgb(document->context, 1, 1, 1);
    cairo_paint(document->context);
    cairo_scale(document->context, scale, scale);
    return document;
}

static void set_text(cprint_document *document, const char *text, double width, double size, int bold) {
    pango_font_description_set_absolute_size(document->font, size * PANGO_SCALE);
    pango_font_description_set_weight(document->font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(document->layout, document->font);
    pango_layout_set_width(document->layout, width < 0 ? -1 : (int)(width * PANGO_SCALE));
    pango_layout_set_alignment(document->layout, PANGO_ALIGN_LEFT);
    pango_layout_set_text(document->layout, text, -1);
}

double cprint_text_height(cprint_document *document, const char *text, double width, double size, int bold) {
    int height = 0;
    set_text(document, text, width, size, bold);
    pango_layout_get_size(document->layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

void cprint_text(cprint_document *document, const char *text, double x, double y, double width, double size, int bold,
                 cprint_alignment alignment, uint32_t colour) {
    set_text(document, text, width, size, bold);
    pango_layout_set_alignment(document->layout, alignment == CPRINT_RIGHT  ? PANGO_ALIGN_RIGHT
                                                 : alignment == CPRINT_CENTRE ? PANGO_ALIGN_CENTER
                                                                              : PANGO_ALIGN_LEFT);
    set_colour(document->context, colour);
    cairo_move_to(document->context, x, y);
    pango_cairo_show_layout(document->context, document->layout);
}

void cprint_label(cprint_document *document, const char *text, double x, double y, double size, uint32_t colour) {
    int width = 0, height = 0;
    set_text(document, text, -1, size, 0);
    pango_layout_get_size(document->layout, &width, &height);
    double left = x - (double)width / PANGO_SCALE / 2, top = y - (double)height / PANGO_SCALE / 2;
    cairo_move_to(document->context, left, top);
    pango_cairo_layout_path(document->context, document->layout);
    cairo_set_source_rgb(document->context, 1, 1, 1);
    cairo_set_line_width(document->context, size / 4);
    cairo_set_line_join(document->context, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke(document->context);
    set_colour(document->context, colour);
    cairo_move_to(document->context, left, top);
    pango_cairo_show_layout(document->context, document->layout);
}

void cprint_line(cprint_document *document, double x1, double y1, double x2, double y2, double width, uint32_t colour) {
    set_colour(document->context, colour);
    cairo_set_line_width(document->context, width);
    cairo_move_to(document->context, x1, y1);
    cairo_line_to(document->context, x2, y2);
    cairo_stroke(document->context);
}

void cprint_rectangle(cprint_document *document, double x, double y, double width, double height, uint32_t colour) {
    set_colour(document->context, colour);
    cairo_rectangle(document->context, x, y, width, height);
    cairo_fill(document->context);
}

void cprint_clip(cprint_document *document, double x, double y, double width, double height) {
    cairo_save(document->context);
    cairo_rectangle(document->context, x, y, width, height);
    cairo_clip(document->context);
}

void cprint_unclip(cprint_document *document) { cairo_restore(document->context); }

void cprint_ring(cprint_document *document, const double *points, int count, double x, double y) {
    for (int index = 0; index < count; index++) {
        if (index == 0) cairo_move_to(document->context, x + points[0], y + points[1]);
        else cairo_line_to(document->context, x + points[2 * index], y + points[2 * index + 1]);
    }
    cairo_close_path(document->context);
}

void cprint_draw(cprint_document *document, int64_t fill, uint32_t stroke, double width) {
    cairo_set_fill_rule(document->context, CAIRO_FILL_RULE_EVEN_ODD);
    cairo_set_line_join(document->context, CAIRO_LINE_JOIN_ROUND);
    if (fill >= 0) {
        set_colour(document->context, (uint32_t)fill);
        cairo_fill_preserve(document->context);
    }
    set_colour(document->context, stroke);
    cairo_set_line_width(document->context, width);
    cairo_stroke(document->context);
}

void cprint_next_page(cprint_document *document) { cairo_show_page(document->context); }

static int release(cprint_document *document, int failed) {
    failed |= cairo_status(document->context) != CAIRO_STATUS_SUCCESS;
    pango_font_description_free(document->font);
    g_object_unref(document->layout);
    cairo_destroy(document->context);
    cairo_surface_finish(document->surface);
    failed |= cairo_surface_status(document->surface) != CAIRO_STATUS_SUCCESS;
    cairo_surface_destroy(document->surface);
    free(document);
    return failed ? -1 : 0;
}

int cprint_close(cprint_document *document) {
    cairo_show_page(document->context);
    return release(document, 0);
}

int cprint_close_image(cprint_document *document, const char *path) {
    cairo_surface_flush(document->surface);
    return release(document, cairo_surface_write_to_png(document->surface, path) != CAIRO_STATUS_SUCCESS);
}
