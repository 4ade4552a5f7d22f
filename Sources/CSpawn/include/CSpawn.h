#ifndef CSPAWN_H
#define CSPAWN_H

#include <sys/types.h>

/* Starts a program with pipes for standard input and output, and nothing else of this process: standard error goes
 * nowhere, other descriptors are closed, signals are as the system sets them. glibc's pipe2 and closefrom, which
 * leave no moment in which another thread's child could inherit a pipe, are hidden from Swift.
 *
 * write_end may be NULL: standard input is empty then. Returns 0, or errno. The caller closes the ends and waits. */
int cspawn_start(const char *path, char *const arguments[], char *const environment[], pid_t *child, int *read_end,
                 int *write_end);

#endif
