#ifndef CRE_H
#define CRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Calls over one SIP trunk with G.711 audio, on libre and librem, whose functions are variadic or belong to one thread.
 *
 * An engine is one thread with libre's event loop: the sockets, all calls, and one tick of 20 ms for the audio of all.
 * Its functions may be called from any thread and return at once; what happens is told to the handler, on the
 * engine's own thread. The handler must not block: while it runs, nobody hears anything. */
typedef struct cre_engine cre_engine;

typedef enum { CRE_UDP = 0, CRE_TCP = 1, CRE_TLS = 2 } cre_transport;

/* Whose number a called person sees, and how the trunk is told. */
typedef enum {
    CRE_FROM = 0,      /* From: is the caller's number */
    CRE_PREFERRED = 1, /* From: is the account; P-Preferred-Identity the caller's number (RFC 3325) */
    CRE_ASSERTED = 2   /* From: is the account; P-Asserted-Identity the caller's number */
} cre_identity;

typedef struct {
    const char *local;     /* a numeric address to listen at; NULL for the one that leads to the trunk */
    uint16_t local_port;   /* 0 for any: a trunk that calls without a registration needs one that it knows */
    const char *host;      /* the trunk's name or numeric address */
    uint16_t port;         /* 0: by SRV records or the protocol's own */
    cre_transport transport;
    const char *certificates; /* PEM file of authorities, for CRE_TLS */
    const char *domain;    /* of the addresses; NULL for the host */
    const char *user;      /* NULL without an account */
    const char *password;
    bool registers;        /* REGISTER, again before it runs out */
    uint32_t register_seconds;
    cre_identity identity;
    const char *agent;     /* User-Agent */
    uint16_t rtp_first, rtp_last; /* ports for audio */
    uint32_t most_calls;
    bool takes_calls;      /* lets the trunk's own calls in: CRE_INCOMING; all others are turned away */
    const char *callers;   /* further numeric addresses that the trunk calls from, with spaces between; NULL for none */
} cre_settings;

typedef enum {
    CRE_STARTED,     /* code: 0, or errno: nothing else comes then. text: what failed */
    CRE_REGISTERED,  /* code: the registrar's answer, or 0 with `error` */
    CRE_PROBED,      /* an answer to OPTIONS: code, or 0 with `error` */
    CRE_INCOMING,    /* somebody calls: `call` is a number of the engine's own. text: the caller's number, NULL where it is hidden.
                        It rings until cre_answer, cre_hangup or the caller ends it; CRE_ENDED follows in each case */
    CRE_RINGING,     /* code: 180, 183… */
    CRE_EARLY,       /* audio before the answer */
    CRE_ANSWERED,
    CRE_KEY,         /* code: the key as a character; error: 1 when it was heard and not signalled */
    CRE_HEARD,       /* where cre_listen asked: code: a cre_sound; milliseconds: since the answer */
    CRE_KEPT,        /* cre_keep has ended: bytes, count: what was heard meanwhile, as A-law */
    CRE_PLAYED,      /* all that was queued has been sent; tag: of the last cre_play */
    CRE_ENDED,       /* code: SIP status, 0 with `error` (errno) where there was none. The call's number is free */
    CRE_STOPPED      /* the thread has ended: nothing comes any more */
} cre_event_kind;

/* What is heard on a line. A call begins in silence. */
typedef enum { CRE_SILENCE = 0, CRE_SPEECH = 1, CRE_TONE = 2 /* one steady frequency */ } cre_sound;

/* Why a call ended. */
typedef enum {
    CRE_BY_THEM = 0,  /* refused, or hung up */
    CRE_BY_US = 1,    /* cre_hangup */
    CRE_BY_RINGING = 2, /* nobody answered in time */
    CRE_BY_SILENCE = 3 /* no audio came for too long: the other side is gone */
} cre_end;

typedef struct {
    cre_event_kind kind;
    uint64_t call;
    int code;
    int error;
    uint64_t tag;
    cre_end end;
    bool answered;
    uint32_t sent, received; /* RTP packets, of an ended call */
    uint32_t milliseconds;   /* from the answer to the end */
    const char *text;        /* a reason phrase; valid while the handler runs. NULL without one */
    const uint8_t *bytes; /* of CRE_KEPT, until the handler returns */
    size_t count;
} cre_event;

typedef void (*cre_handler)(void *context, const cre_event *event);

/* Starts the thread. NULL when there is no memory or thread; otherwise CRE_STARTED tells. */
cre_engine *cre_start(const cre_settings *settings, cre_handler handler, void *context);

/* Hangs up all calls, leaves the registrar, waits for the thread and frees the engine. */
void cre_stop(cre_engine *engine);

/* Dials. `call` is the caller's own number for it and must be free. `number` and `caller` are the user part of an address.
 * Ends with exactly one CRE_ENDED. */
void cre_dial(cre_engine *engine, uint64_t call, const char *number, const char *caller, uint32_t ring_milliseconds);

/* Takes a call that comes in; CRE_ANSWERED follows. */
void cre_answer(cre_engine *engine, uint64_t call);

/* Numbers of calls that come in begin here; those of cre_dial stay below. */
#define CRE_FIRST_INCOMING (UINT64_C(1) << 63)

/* One piece of audio: G.711 A-law, 8,000 samples a second, kept until nobody plays it. */
typedef struct cre_sound_data cre_audio;
cre_audio *cre_audio_new(const uint8_t *alaw, size_t count);
void cre_audio_free(cre_audio *audio);

/* Plays pieces one after another, instead of what was queued. CRE_PLAYED comes with the tag when the last has been sent,
 * and not when something else takes its place. */
void cre_play(cre_engine *engine, uint64_t call, cre_audio *const pieces[], size_t count, uint64_t tag);

enum { CRE_REMEMBERED = 128 /* frames */ };

/* Makes out what is heard, for a line or a recording. Begins with all zero. */
typedef struct {
    cre_sound sound;
    double tone; /* Hz */
    int loud_frames, quiet_frames, tone_frames, gap_frames; /* in a row */
    /* How loud each frame was that was said and heard, as a logarithm above what is faint; `now` is the last. */
    uint32_t now;
    float said[CRE_REMEMBERED], heard[CRE_REMEMBERED];
    double said_tone; /* Hz */
    uint32_t said_tone_at;
    bool is_echo;
} cre_listener;
/* 20 ms of A-law that are said, before what is heard meanwhile: what is like it is its echo, and no sound of theirs. */
void cre_listener_say(cre_listener *listener, const uint8_t *frame);
/* 20 ms that are heard; NULL where nothing came. */
cre_sound cre_listener_hear(cre_listener *listener, const uint8_t *frame, bool is_ulaw);

/* Tells what is heard on an answered call as it changes, or no longer. */
void cre_listen(cre_engine *engine, uint64_t call, bool listens);

/* Gives an answered call's audio to another process, whose these descriptors are from now on: each tick sends `to` a byte that counts
 * frames of 160 A-law samples, and these; each takes one frame of `from`, or is silent. They are closed with the call. */
void cre_bridge(cre_engine *engine, uint64_t call, int to, int from);

/* Keeps what is heard on an answered call, three minutes at most, from now on; or no longer, and CRE_KEPT tells what was. */
void cre_keep(cre_engine *engine, uint64_t call, bool keeps);

/* Ends a call; CRE_ENDED follows. */
void cre_hangup(cre_engine *engine, uint64_t call);

/* Asks the trunk by OPTIONS; CRE_PROBED follows. */
void cre_probe(cre_engine *engine);

/* How the audio's tick kept time, since the start. */
typedef struct {
    uint64_t ticks;
    uint64_t late;     /* more than 10 ms */
    uint32_t worst_microseconds;
    uint32_t calls, most_calls;
} cre_ticks;
cre_ticks cre_timekeeping(cre_engine *engine);

#endif
