// Pages drawn by Cairo, with text set by Pango, into a PDF file, or one picture into a PNG file. Points from the upper left corner.
#ifndef CPRINT_H
#define CPRINT_H

#include <stdint.h>

typedef struct cprint_document cprint_document;

typedef enum { CPRINT_LEFT = 0, CPRINT_RIGHT = 1, CPRINT_CENTRE = 2 } cprint_alignment;

// NULL when the file cannot be written or there is no memory.
cprint_document *cprint_open(const char *path, double width, double height, const char *title, const char *creator);

// A picture of its own instead of pages: `scale` pixels a point, on white. Its file is written by cprint_close_image.
cprint_document *cprint_open_image(double width, double height, double scale);

// The height of text wrapped to a width; words are broken where they are too long.
double cprint_text_height(cprint_document *document, const char *text, double width, double size, int bold);

// Draws wrapped text whose upper left corner is given. Colours are 0xRRGGBB.
void cprint_text(cprint_document *document, const char *text, double x, double y, double width, double size, int bold,
                 cprint_alignment alignment, uint32_t colour);

// Text of one line, centred on a point, with a white outline.
void cprint_label(cprint_document *document, const char *text, double x, double y, double size, uint32_t colour);

void cprint_line(cprint_document *document, double x1, double y1, double x2, double y2, double width, uint32_t colour);
void cprint_rectangle(cprint_document *document, double x, double y, double width, double height, uint32_t colour);

// Everything drawn until cprint_unclip stays in the rectangle.
void cprint_clip(cprint_document *document, double x, double y, double width, double height);
void cprint_unclip(cprint_document *document);

// Adds a closed ring of `count` points, x then y, to the path.
void cprint_ring(cprint_document *document, const double *points, int count, double x, double y);
// Fills the path, by the even-odd rule, where fill is not negative, and strokes it; the path is then empty.
void cprint_draw(cprint_document *document, int64_t fill, uint32_t stroke, double width);

void cprint_next_page(cprint_document *document);

// Ends the file and frees the document: 0 when all of it was written.
int cprint_close(cprint_document *document);

// Writes a PNG file and frees the document: 0 when all of it was written.
int cprint_close_image(cprint_document *document, const char *path);

#endif
