// One polygon of a zone: what its mask leaves open, its edges tell.
#include "internal.h"

int part_box(const part_t *part, const box_t *box) {
    if (!box_meets(&part->box, box)) return CZONE_OUTSIDE;
    int answer = part_box_by_mask(part, box);
    if (answer != CZONE_UNDECIDED) return answer;
    if (outline_meets(&part->outline, box)) return CZONE_UNDECIDED;
    // No edge touches the box: all of it lies as one corner does.
    return outline_contains(&part->outline, box->west, box->south) ? CZONE_INSIDE : CZONE_OUTSIDE;
}

bool part_contains(const part_t *part, double x, double y) {
    box_t point = {x, y, x, y};
    if (!box_meets(&part->box, &point)) return false;
    int answer = part_box_by_mask(part, &point);
    return answer == CZONE_UNDECIDED ? outline_contains(&part->outline, x, y) : answer == CZONE_INSIDE;
}
