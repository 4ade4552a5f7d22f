/* One fax call's modem and protocol (T.30, by libspandsp), in a process of its own: what a line sends reaches no other.
 *
 * Started by `tocsin` with a document (TIFF/F), the station's number, and where to write what became of it. Each message on standard
 * input is 20 ms of the line: a byte that counts frames of 160 A-law samples, and these; none where nothing came. Each is answered by
 * one frame on standard output. It ends when the fax has, or standard input does. */
#include <spandsp.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SAMPLES = 160,
    MOST_FRAMES = 25,
    LEAD = 3, /* frames sent ahead: what a busy machine may be late by */
    NEVER_ENDED = -1
};

struct end {
    int code;
    bool has_met; /* another machine */
};

static int met(t30_state_t *state, void *data, int result) {
    (void)state;
    (void)result;
    ((struct end *)data)->has_met = true;
    return T30_ERR_OK;
}

static void ended(t30_state_t *state, void *data, int code) {
    (void)state;
    ((struct end *)data)->code = code;
}

static bool read_whole(uint8_t *bytes, size_t count) {
    while (count > 0) {
        ssize_t got = read(STDIN_FILENO, bytes, count);
        if (got <= 0) return false;
        bytes += got;
        count -= (size_t)got;
    }
    return true;
}

static bool write_frame(const uint8_t *frame) {
    /* A pipe takes so few bytes whole or not at all. */
    return write(STDOUT_FILENO, frame, SAMPLES) == SAMPLES;
}

static bool hear(fax_state_t *fax) {
    uint8_t count, bytes[MOST_FRAMES * SAMPLES];
    int16_t samples[MOST_FRAMES * SAMPLES];
    if (!read_whole(&count, 1) || count > MOST_FRAMES || !read_whole(bytes, (size_t)count * SAMPLES)) return false;
    for (size_t i = 0; i < (size_t)count * SAMPLES; i++) samples[i] = alaw_to_linear(bytes[i]);
    if (count > 0) fax_rx(fax, samples, count * SAMPLES);
    /* Clocks of both ends differ: what is late comes with the next message, and the modem follows the line. */
    return true;
}

static bool say(fax_state_t *fax) {
    int16_t samples[SAMPLES] = {0};
    uint8_t frame[SAMPLES];
    int made = fax_tx(fax, samples, SAMPLES);
    for (int i = 0; i < SAMPLES; i++) frame[i] = linear_to_alaw(i < made ? samples[i] : 0);
    return write_frame(frame);
}

int main(int count, char **words) {
    if (count != 4) {
        fputs("tocsin-fax is started by tocsin, and is not to be run by hand\n", stderr);
        return 2;
    }
    struct end end = {.code = NEVER_ENDED};
    fax_state_t *fax = fax_init(NULL, TRUE);
    if (!fax) return 1;
    t30_state_t *t30 = fax_get_t30_state(fax);
    fax_set_transmit_on_idle(fax, TRUE);
    t30_set_tx_ident(t30, words[2]);
    t30_set_tx_file(t30, words[1], -1, -1);
    t30_set_ecm_capability(t30, TRUE);
    t30_set_supported_modems(t30, T30_SUPPORT_V27TER | T30_SUPPORT_V29 | T30_SUPPORT_V17);
    t30_set_supported_compressions(t30, T30_SUPPORT_T4_1D_COMPRESSION | T30_SUPPORT_T4_2D_COMPRESSION | T30_SUPPORT_T6_COMPRESSION);
    t30_set_supported_resolutions(t30, T30_SUPPORT_STANDARD_RESOLUTION | T30_SUPPORT_FINE_RESOLUTION);
    t30_set_supported_image_sizes(t30, T30_SUPPORT_215MM_WIDTH | T30_SUPPORT_A4_LENGTH | T30_SUPPORT_US_LETTER_LENGTH | T30_SUPPORT_UNLIMITED_LENGTH);
    t30_set_phase_b_handler(t30, met, &end);
    t30_set_phase_e_handler(t30, ended, &end);

    uint8_t silence[SAMPLES];
    memset(silence, 0xd5, sizeof silence);
    bool is_open = true;
    for (int i = 0; i < LEAD && is_open; i++) is_open = write_frame(silence);
    while (is_open && end.code == NEVER_ENDED) is_open = hear(fax) && say(fax);
    if (end.code == NEVER_ENDED) end.code = T30_ERR_CALLDROPPED;

    t30_stats_t sent;
    t30_get_transfer_statistics(t30, &sent);
    FILE *file = fopen(words[3], "w");
    bool is_written = file && fprintf(file, "%d %d %d %d %d %d\n", end.code, end.has_met, sent.pages_tx, sent.pages_in_file, sent.bit_rate, sent.error_correcting_mode) > 0;
    if (file && fclose(file) != 0) is_written = false;
    fax_free(fax);
    return is_written ? 0 : 1;
}
