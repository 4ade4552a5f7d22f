/* What somebody says on a call, to be played to others later. */
#include "internal.h"

void keep_begin(struct call *call) {
    call->kept = mem_deref(call->kept);
    call->kept = mbuf_alloc(8000);
}

void keep_take(struct call *call, const uint8_t *payload, size_t count) {
    for (size_t i = 0; i < count && call->kept->pos < MOST_KEPT; i++)
        if (mbuf_write_u8(call->kept, alaw_of(call, payload[i]))) return;
}

void keep_end(struct call *call) {
    if (!call->kept) return;
    tell(call->engine, &(cre_event){.kind = CRE_KEPT, .call = call->number, .bytes = call->kept->buf, .count = call->kept->end});
    call->kept = mem_deref(call->kept);
}
