/* A call's audio carried by another process: a fax modem. */
#include "internal.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void bridge_open(struct call *call, struct command *command) {
    if (call->bridge || call->has_ended) return;
    struct bridge *bridge = mem_zalloc(sizeof *bridge, NULL);
    if (!bridge) return;
    media_drop_pieces(call);
    bridge->to = command->to;
    bridge->from = command->from;
    command->to = command->from = -1;
    (void)fcntl(bridge->from, F_SETFL, fcntl(bridge->from, F_GETFL) | O_NONBLOCK);
    call->bridge = bridge;
}

void bridge_close(struct call *call) {
    if (!call->bridge) return;
    close(call->bridge->to);
    close(call->bridge->from);
    call->bridge = mem_deref(call->bridge);
}

/* Keeps what came until the next tick. Lost packets are silence, so that the modem's clock goes on; late ones come to nothing. */
void bridge_take(struct call *call, uint16_t sequence, const uint8_t *payload, size_t count) {
    struct bridge *bridge = call->bridge;
    int16_t missing = bridge->has_sequence ? (int16_t)(sequence - bridge->next_sequence) : 0;
    if (missing < 0) return;
    bridge->has_sequence = true;
    bridge->next_sequence = (uint16_t)(sequence + 1);
    for (; missing > 0 && bridge->count < BRIDGE_FRAMES; missing--, bridge->count++)
        memset(bridge->frames + (size_t)bridge->count * SAMPLES, SILENCE, SAMPLES);
    for (size_t at = 0; at + SAMPLES <= count && bridge->count < BRIDGE_FRAMES; at += SAMPLES, bridge->count++) {
        uint8_t *frame = bridge->frames + (size_t)bridge->count * SAMPLES;
        for (size_t i = 0; i < SAMPLES; i++) frame[i] = alaw_of(call, payload[at + i]);
    }
}

/* One tick: what was heard goes over, and the next 20 ms come back. */
void bridge_turn(struct call *call, uint8_t *frame) {
    struct bridge *bridge = call->bridge;
    uint8_t message[1 + BRIDGE_FRAMES * SAMPLES];
    size_t size = 1 + (size_t)bridge->count * SAMPLES;
    message[0] = (uint8_t)bridge->count;
    memcpy(message + 1, bridge->frames, size - 1);
    bridge->count = 0;
    memset(frame, SILENCE, SAMPLES);
    /* A process that takes no more has hung, or gone: whoever started it learns that from its end. */
    if (send(bridge->to, message, size, MSG_DONTWAIT | MSG_NOSIGNAL) != (ssize_t)size) {
        bridge_close(call);
        return;
    }
    if (read(bridge->from, frame, SAMPLES) != SAMPLES) memset(frame, SILENCE, SAMPLES);
}
