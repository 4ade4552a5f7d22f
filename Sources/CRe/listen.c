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
    STEADY = 12,          /* Hz from one frame to the next; a siren changes faster */
    FAINT = 100,          /* an echo is told below what counts as loud */
    ECHO_FRAMES = 64,     /* what is compared */
    ECHO_LATEST = 50,     /* how late an echo may be: a satellite and back */
    ECHO_EVERY = 8        /* frames between two comparisons */
};

/* How alike (Pearson) in their loudness what is heard and what was said must be. Echoes are above 0.9, other voices below 0.8
 * (decision 0069). */
static const double ECHO_LIKENESS = 0.85;

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

struct frame {
    double energy;
    double frequency; /* of a single tone; 0 for none */
    bool is_loud;
};

static struct frame frame_of(const uint8_t *bytes, bool is_ulaw) {
    struct frame frame = {0};
    if (!bytes) return frame;
    int16_t samples[SAMPLES];
    for (size_t i = 0; i < SAMPLES; i++) {
        samples[i] = is_ulaw ? g711_ulaw2pcm(bytes[i]) : g711_alaw2pcm(bytes[i]);
        frame.energy += (double)samples[i] * samples[i];
    }
    frame.is_loud = frame.energy > (double)LOUD * LOUD * SAMPLES;
    if (frame.is_loud) frame.frequency = crossing_frequency(samples);
    if (frame.frequency > 0 && purity(samples, frame.frequency, frame.energy) < PURE) frame.frequency = 0;
    return frame;
}

static float loudness(const struct frame *frame) {
    double faint = (double)FAINT * FAINT * SAMPLES;
    return frame->energy > faint ? (float)log(frame->energy / faint) : 0;
}

/* MARK: - Our own voice, coming back */

/* What was heard in the last frames: the newest first, their sum, and how they spread. */
struct heard {
    double frames[ECHO_FRAMES], sum, spread;
};

static struct heard heard_lately(const cre_listener *listener) {
    struct heard heard = {.sum = 0};
    double squares = 0;
    for (uint32_t back = 0; back < ECHO_FRAMES; back++) {
        heard.frames[back] = listener->heard[(listener->now - back) % CRE_REMEMBERED];
        heard.sum += heard.frames[back];
        squares += heard.frames[back] * heard.frames[back];
    }
    heard.spread = squares - heard.sum * heard.sum / ECHO_FRAMES;
    return heard;
}

/* How alike that is to what was said so much earlier. */
static double likeness(const cre_listener *listener, const struct heard *heard, uint32_t delay) {
    double said = 0, said_squares = 0, products = 0;
    for (uint32_t back = 0; back < ECHO_FRAMES; back++) {
        double other = listener->now < back + delay ? 0 : listener->said[(listener->now - back - delay) % CRE_REMEMBERED];
        said += other;
        said_squares += other * other;
        products += heard->frames[back] * other;
    }
    double spread = heard->spread * (said_squares - said * said / ECHO_FRAMES);
    return spread > 1e-6 ? (products - heard->sum * said / ECHO_FRAMES) / sqrt(spread) : 0;
}

static bool hears_itself(const cre_listener *listener) {
    if (listener->now < ECHO_FRAMES) return false;
    struct heard heard = heard_lately(listener);
    /* Most who listen are silent, for whom nothing is compared. */
    if (heard.spread <= 0) return false;
    for (uint32_t delay = 0; delay <= ECHO_LATEST; delay++)
        if (likeness(listener, &heard, delay) > ECHO_LIKENESS) return true;
    return false;
}

void cre_listener_say(cre_listener *listener, const uint8_t *bytes) {
    struct frame frame = frame_of(bytes, false);
    listener->now++;
    listener->said[listener->now % CRE_REMEMBERED] = loudness(&frame);
    listener->heard[listener->now % CRE_REMEMBERED] = 0;
    if (frame.frequency > 0) {
        listener->said_tone = frame.frequency;
        listener->said_tone_at = listener->now;
    }
    if (listener->now % ECHO_EVERY == 0) listener->is_echo = hears_itself(listener);
}

/* MARK: - What they say */

cre_sound cre_listener_hear(cre_listener *listener, const uint8_t *bytes, bool is_ulaw) {
    struct frame frame = frame_of(bytes, is_ulaw);
    listener->heard[listener->now % CRE_REMEMBERED] = loudness(&frame);
    bool is_own_tone = listener->said_tone_at > 0 && listener->now - listener->said_tone_at <= ECHO_LATEST
        && fabs(frame.frequency - listener->said_tone) <= STEADY;
    double frequency = is_own_tone ? 0 : frame.frequency;
    bool is_loud = frame.is_loud && (frequency > 0 || !listener->is_echo);
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
        else if (listener->is_echo || listener->quiet_frames >= SILENCE_FRAMES) listener->sound = CRE_SILENCE;
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
