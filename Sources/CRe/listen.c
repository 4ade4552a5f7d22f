/* What is heard on a line: silence, speech or a tone, told as it changes. A frame of 20 ms costs about a microsecond. */
#include "internal.h"

#include <math.h>

enum {
    LOUD = 330,           /* root of the mean square: -40 dB of the loudest; a line's noise stays below */
    SPEECH_FRAMES = 3,    /* 60 ms: shorter is a click */
    SILENCE_FRAMES = 20,  /* 400 ms: shorter is between two words */
    TONE_FRAMES = 5,      /* 100 ms */
    TONE_GAP_FRAMES = 2,
    LOWEST = 300, HIGHEST = 2500, /* Hz, of a tone */
    STEADY = 25           /* Hz from one frame to the next */
};

/* How much of a frame's power one frequency must have. Speech has as much in several; two keys' tones have half each. */
static const double PURE = 0.85;

/* The frequency, from where the signal crosses zero; 0 for none. Exact for a single tone, and no more than a guess otherwise. */
static double crossing_frequency(const int16_t *samples) {
    double first = -1, last = -1;
    int count = 0;
    for (int i = 1; i < SAMPLES; i++) {
        if ((samples[i - 1] < 0) == (samples[i] < 0)) continue;
        double at = i - 1 + (double)samples[i - 1] / ((double)samples[i - 1] - samples[i]);
        if (first < 0) first = at;
        last = at;
        count++;
    }
    if (count < 6) return 0;
    double frequency = (count - 1) * 8000.0 / (2 * (last - first));
    return frequency >= LOWEST && frequency <= HIGHEST ? frequency : 0;
}

/* The share of a frame's energy that one frequency has (Goertzel). */
static double purity(const int16_t *samples, double frequency, double energy) {
    double factor = 2 * cos(2 * M_PI * frequency / 8000), one = 0, two = 0;
    for (int i = 0; i < SAMPLES; i++) {
        double next = samples[i] + factor * one - two;
        two = one;
        one = next;
    }
    return (one * one + two * two - factor * one * two) * 2 / SAMPLES / energy;
}

/* The sound after the next 20 ms; without samples where nothing came, which telephones do that are silent. */
cre_sound cre_listener_hear(cre_listener *listener, const uint8_t *frame, bool is_ulaw) {
    double energy = 0, frequency = 0;
    if (frame) {
        int16_t samples[SAMPLES];
        for (size_t i = 0; i < SAMPLES; i++) {
            samples[i] = is_ulaw ? g711_ulaw2pcm(frame[i]) : g711_alaw2pcm(frame[i]);
            energy += (double)samples[i] * samples[i];
        }
        if (energy > (double)LOUD * LOUD * SAMPLES) frequency = crossing_frequency(samples);
        if (frequency > 0 && purity(samples, frequency, energy) < PURE) frequency = 0;
    }
    bool is_loud = energy > (double)LOUD * LOUD * SAMPLES;
    bool is_steady = frequency > 0 && fabs(frequency - listener->tone) <= STEADY;
    listener->loud_frames = is_loud ? listener->loud_frames + 1 : 0;
    listener->quiet_frames = is_loud ? 0 : listener->quiet_frames + 1;
    listener->tone_frames = frequency == 0 ? 0 : is_steady ? listener->tone_frames + 1 : 1;
    listener->gap_frames = frequency > 0 ? 0 : listener->gap_frames + 1;
    if (frequency > 0) listener->tone = frequency;
    bool is_tone = listener->tone_frames >= TONE_FRAMES;
    switch (listener->sound) {
    case CRE_TONE:
        if (listener->gap_frames >= TONE_GAP_FRAMES) listener->sound = CRE_SILENCE;
        break;
    case CRE_SPEECH:
        if (is_tone) listener->sound = CRE_TONE;
        else if (listener->quiet_frames >= SILENCE_FRAMES) listener->sound = CRE_SILENCE;
        break;
    case CRE_SILENCE:
        if (is_tone) listener->sound = CRE_TONE;
        /* What is a tone so far may become one. */
        else if (listener->loud_frames >= SPEECH_FRAMES && listener->tone_frames < SPEECH_FRAMES) listener->sound = CRE_SPEECH;
        break;
    }
    return listener->sound;
}

void listen_frame(struct call *call, const uint8_t *frame) {
    cre_sound before = call->listener.sound, now = cre_listener_hear(&call->listener, frame, call->is_ulaw);
    if (now == before) return;
    tell(call->engine, &(cre_event){
        .kind = CRE_HEARD, .call = call->number, .code = (int)now,
        .milliseconds = (uint32_t)(tmr_jiffies() - call->answered_at)});
}
