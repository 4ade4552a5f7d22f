#include "CGDAL.h"

#include <csignal>
#include <cstddef>
#include <new>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

int limit(__rlimit_resource what, uint64_t value) {
    // Where the hard limit is the higher one, the signal at the soft one says which limit it was.
    struct rlimit both = {value, what == RLIMIT_CPU ? value + 5 : value};
    return setrlimit(what, &both);
}

// No socket and no program, whatever a file makes a parser do. Reading a file needs neither.
int forbid_network_and_programs() {
#define REFUSE(number) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 13 /* EACCES */)
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        REFUSE(SYS_socket), REFUSE(SYS_socketpair), REFUSE(SYS_connect), REFUSE(SYS_execve), REFUSE(SYS_execveat),
        REFUSE(SYS_ptrace), REFUSE(SYS_io_uring_setup),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
#undef REFUSE
    struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

}  // namespace

int cgdal_confine(uint64_t address_space_bytes, uint64_t cpu_seconds, uint64_t file_bytes) {
    // C++ would throw through C's frames, and end with a core: this end can be told from a crash.
    std::set_new_handler([] { _exit(CGDAL_EXIT_MEMORY); });
    // A write beyond the limit is to fail, not to kill.
    std::signal(SIGXFSZ, SIG_IGN);
    int faults = limit(RLIMIT_AS, address_space_bytes) + limit(RLIMIT_CPU, cpu_seconds) +
                 limit(RLIMIT_FSIZE, file_bytes) + limit(RLIMIT_CORE, 0) + limit(RLIMIT_NOFILE, 64) +
                 prctl(PR_SET_PDEATHSIG, SIGKILL) + prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (faults != 0) return -1;
    // Where the kernel was built without filters the limits alone must do.
    forbid_network_and_programs();
    return 0;
}
