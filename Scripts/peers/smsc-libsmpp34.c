// Purpose: an SMSC on loopback that answers and sends receipts for a hundredth of what the ones in Perl and Python cost, so
//          that speeds can be measured beside it. Every PDU is taken apart and put together by libsmpp34, which this project
//          did not write; the loop around it, which knows nothing of the wire but the length before each PDU, is ours.
// Usage:   smsc-libsmpp34 --port N --log FILE --dlr SECONDS --plain
//          prints its port once it listens, ends when its standard input closes.
// Build:   cc -O2 smsc-libsmpp34.c -lsmpp34 (Debian: libsmpp34-dev)
// Exit codes: 0 ended, 1 the system refused something, 2 wrong arguments.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <libsmpp34/smpp34.h>
#include <libsmpp34/smpp34_structs.h>
// It needs those before it.
#include <libsmpp34/smpp34_params.h>

enum { SESSIONS = 64, BUFFER = 1 << 20, LONGEST_PDU = 4096, RECEIPTS = 1 << 17 };

typedef struct {
    int socket;
    uint8_t *in, *out;
    size_t in_count, out_from, out_count;
    uint32_t sequence;
    /// The receipt that is sent next, and the first free place after the last: a ring.
    struct receipt {
        double due;
        uint32_t id;
        char from[21], to[21];
    } *receipts;
    size_t first, end;
} session_t;

static session_t sessions[SESSIONS];
static int session_count;
static double receipt_seconds = 0.05;
static FILE *log_file;
static uint32_t message_count;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static bool has_room(const session_t *session) { return session->out_count + 2 * LONGEST_PDU < BUFFER; }

static bool put(session_t *session, void *pdu) {
    int length = 0;
    if (smpp34_pack2(session->out + session->out_count, LONGEST_PDU, &length, pdu) != 0) {
        fprintf(stderr, "smsc-libsmpp34: libsmpp34 cannot write a PDU: %s\n", smpp34_strerror);
        return false;
    }
    session->out_count += (size_t)length;
    return true;
}

/// An answer of nothing but its head.
static bool put_head(session_t *session, uint32_t command, uint32_t sequence) {
    unbind_resp_t answer = {.command_id = command, .command_status = ESME_ROK, .sequence_number = sequence};
    return put(session, &answer);
}

static bool put_receipt(session_t *session, const struct receipt *receipt) {
    deliver_sm_t pdu = {.command_id = DELIVER_SM, .sequence_number = ++session->sequence, .source_addr_ton = TON_International,
                        .source_addr_npi = NPI_ISDN_E163_E164, .dest_addr_ton = TON_Alphanumeric,
                        .esm_class = SMPP34_DELIVERY_RECEIPT};
    memcpy(pdu.source_addr, receipt->from, sizeof pdu.source_addr);
    memcpy(pdu.destination_addr, receipt->to, sizeof pdu.destination_addr);
    pdu.sm_length = (uint8_t)snprintf(
        (char *)pdu.short_message, sizeof pdu.short_message,
        "id:%u sub:001 dlvrd:001 submit date:2611221000 done date:2611221000 stat:DELIVRD err:000 text:", receipt->id);
    return put(session, &pdu);
}

static bool submitted(session_t *session, const submit_sm_t *pdu) {
    uint32_t id = 0x10000000 + ++message_count;
    double time = now();
    if (log_file) {
        fprintf(log_file, "{\"to\": \"%s\", \"status\": 0, \"id\": \"%u\", \"at\": %.6f}\n", (const char *)pdu->destination_addr,
                id, time);
    }
    submit_sm_resp_t answer = {.command_id = SUBMIT_SM_RESP, .command_status = ESME_ROK,
                               .sequence_number = pdu->sequence_number};
    snprintf((char *)answer.message_id, sizeof answer.message_id, "%u", id);
    if (!put(session, &answer)) return false;
    if (!(pdu->registered_delivery & SMPP34_DELIVERY_RECEIPT_ON)) return true;
    struct receipt *receipt = &session->receipts[session->end++ % RECEIPTS];
    if (session->end - session->first > RECEIPTS) {
        fprintf(stderr, "smsc-libsmpp34: more than %d receipts wait\n", RECEIPTS);
        return false;
    }
    receipt->due = time + receipt_seconds;
    receipt->id = id;
    memcpy(receipt->from, pdu->destination_addr, sizeof receipt->from);
    memcpy(receipt->to, pdu->source_addr, sizeof receipt->to);
    return true;
}

/// Returns false when the session is over.
static bool take(session_t *session, const uint8_t *bytes, int length) {
    static union {
        struct {
            uint32_t command_length, command_id, command_status, sequence_number;
        } head;
        bind_transceiver_t bind;
        submit_sm_t submit;
        deliver_sm_resp_t delivered;
    } pdu;
    memset(&pdu, 0, sizeof pdu);
    if (smpp34_unpack2(&pdu, bytes, length) != 0) {
        fprintf(stderr, "smsc-libsmpp34: libsmpp34 cannot read a PDU: %s\n", smpp34_strerror);
        return false;
    }
    switch (pdu.head.command_id) {
    case BIND_TRANSCEIVER: {
        bind_transceiver_resp_t answer = {.command_id = BIND_TRANSCEIVER_RESP, .command_status = ESME_ROK,
                                          .sequence_number = pdu.head.sequence_number, .system_id = "SMPP34"};
        return put(session, &answer);
    }
    case SUBMIT_SM: {
        bool is_good = submitted(session, &pdu.submit);
        destroy_tlv(pdu.submit.tlv);
        return is_good;
    }
    case ENQUIRE_LINK: return put_head(session, ENQUIRE_LINK_RESP, pdu.head.sequence_number);
    case DELIVER_SM_RESP: return true;
    case UNBIND:
        put_head(session, UNBIND_RESP, pdu.head.sequence_number);
        return false;
    default:
        fprintf(stderr, "smsc-libsmpp34: command %08x is not known here\n", pdu.head.command_id);
        return false;
    }
}

/// Takes what is whole of what came in, as long as the answers have room.
static bool take_all(session_t *session) {
    size_t from = 0;
    bool is_good = true;
    while (is_good && session->in_count - from >= 4 && has_room(session)) {
        uint32_t length;
        memcpy(&length, session->in + from, 4);
        length = ntohl(length);
        if (length < 16 || length > LONGEST_PDU) return false;
        if (session->in_count - from < length) break;
        is_good = take(session, session->in + from, (int)length);
        from += length;
    }
    session->in_count -= from;
    memmove(session->in, session->in + from, session->in_count);
    return is_good;
}

static bool send_receipts(session_t *session, double time) {
    while (session->first < session->end && has_room(session)) {
        struct receipt *receipt = &session->receipts[session->first % RECEIPTS];
        if (receipt->due > time) break;
        if (!put_receipt(session, receipt)) return false;
        session->first++;
    }
    return true;
}

static bool flush(session_t *session) {
    while (session->out_from < session->out_count) {
        ssize_t count = send(session->socket, session->out + session->out_from, session->out_count - session->out_from,
                             MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count < 0) return errno == EAGAIN || errno == EINTR;
        session->out_from += (size_t)count;
    }
    session->out_from = session->out_count = 0;
    return true;
}

static void welcome(int listener) {
    int socket = accept(listener, NULL, NULL), on = 1;
    if (socket < 0) return;
    if (session_count == SESSIONS) {
        close(socket);
        return;
    }
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    session_t session = {.socket = socket, .in = malloc(BUFFER), .out = malloc(BUFFER),
                         .receipts = malloc(RECEIPTS * sizeof(struct receipt)), .sequence = 0x1000};
    if (!session.in || !session.out || !session.receipts) fail("memory");
    sessions[session_count++] = session;
}

static void dismiss(int index) {
    session_t *session = &sessions[index];
    flush(session);
    close(session->socket);
    free(session->in);
    free(session->out);
    free(session->receipts);
    sessions[index] = sessions[--session_count];
}

static bool serve(session_t *session, const struct pollfd *ready) {
    if (ready->revents & (POLLIN | POLLHUP | POLLERR) && session->in_count < BUFFER) {
        ssize_t count = recv(session->socket, session->in + session->in_count, BUFFER - session->in_count, MSG_DONTWAIT);
        if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) return false;
        if (count > 0) session->in_count += (size_t)count;
        // A client that keeps small writes back until the last is acknowledged is not to wait for that.
        int on = 1;
        setsockopt(session->socket, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
    }
    return take_all(session) && send_receipts(session, now()) && flush(session);
}

int main(int count, char **arguments) {
    int port = 0, on = 1;
    for (int i = 1; i < count; i++) {
        bool has_value = i + 1 < count;
        if (strcmp(arguments[i], "--port") == 0 && has_value) port = atoi(arguments[++i]);
        else if (strcmp(arguments[i], "--dlr") == 0 && has_value) receipt_seconds = atof(arguments[++i]);
        else if (strcmp(arguments[i], "--log") == 0 && has_value) {
            if (!(log_file = fopen(arguments[++i], "a"))) fail(arguments[i]);
        } else if (strcmp(arguments[i], "--plain") != 0) {
            fprintf(stderr, "smsc-libsmpp34: %s is not known here\n", arguments[i]);
            return 2;
        }
    }
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, SESSIONS) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) != 0) {
        fail("listening");
    }
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    double flushed = now();
    for (;;) {
        struct pollfd polled[SESSIONS + 2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = listener, .events = POLLIN}};
        double time = now(), next = time + 0.05;
        for (int i = 0; i < session_count; i++) {
            const session_t *session = &sessions[i];
            bool has_output = session->out_count > 0;
            polled[i + 2] = (struct pollfd){.fd = session->socket, .events = (short)(POLLIN | (has_output ? POLLOUT : 0))};
            if (session->first < session->end && !has_output) {
                double due = session->receipts[session->first % RECEIPTS].due;
                if (due < next) next = due;
            }
        }
        int wait = (int)((next - time) * 1000);
        if (poll(polled, (nfds_t)session_count + 2, wait < 1 ? 1 : wait) < 0 && errno != EINTR) fail("poll");
        char ignored[4096];
        if (polled[0].revents && read(STDIN_FILENO, ignored, sizeof ignored) <= 0) break;
        for (int i = session_count - 1; i >= 0; i--) {
            if (!serve(&sessions[i], &polled[i + 2])) dismiss(i);
        }
        if (polled[1].revents) welcome(listener);
        // The log is watched to see when all has come.
        if (log_file && (time = now()) - flushed > 0.05) {
            fflush(log_file);
            flushed = time;
        }
    }
    if (log_file) fclose(log_file);
    return 0;
}
