#define _GNU_SOURCE
#include "CSpawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

static int spawn(const char *path, char *const arguments[], char *const environment[], pid_t *child, int in, int out) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int code = posix_spawn_file_actions_init(&actions);
    if (code != 0) return code;
    code = posix_spawnattr_init(&attributes);
    if (code != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return code;
    }
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
#define STEP(call) \
    if (code == 0) code = call
    if (in >= 0) {
        STEP(posix_spawn_file_actions_adddup2(&actions, in, 0));
    } else {
        STEP(posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0));
    }
    STEP(posix_spawn_file_actions_adddup2(&actions, out, 1));
    /* What a parser prints there may hold the file's content. */
    STEP(posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0));
    STEP(posix_spawn_file_actions_addclosefrom_np(&actions, 3));
    STEP(posix_spawnattr_setsigmask(&attributes, &none));
    STEP(posix_spawnattr_setsigdefault(&attributes, &all));
    STEP(posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
    STEP(posix_spawn(child, path, &actions, &attributes, arguments, environment));
#undef STEP
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

int cspawn_start(const char *path, char *const arguments[], char *const environment[], pid_t *child, int *read_end,
                 int *write_end) {
    int output[2], input[2] = {-1, -1};
    if (pipe2(output, O_CLOEXEC) != 0) return errno;
    if (write_end && pipe2(input, O_CLOEXEC) != 0) {
        int code = errno;
        close(output[0]);
        close(output[1]);
        return code;
    }
    int code = spawn(path, arguments, environment, child, input[0], output[1]);
    close(output[1]);
    if (write_end) close(input[0]);
    if (code != 0) {
        close(output[0]);
        if (write_end) close(input[1]);
        return code;
    }
    *read_end = output[0];
    if (write_end) *write_end = input[1];
    return 0;
}
