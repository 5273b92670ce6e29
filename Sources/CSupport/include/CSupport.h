// The platform's C library as Swift sees it, on Linux and macOS alike, and the few calls that Swift cannot import.
// No logic lives here: every function is one system call, or one call spelled two ways.
#ifndef JQTRADE_CSUPPORT_H
#define JQTRADE_CSUPPORT_H

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/// `errno` of the last failed call on this thread (the macro cannot be imported).
int cs_errno(void);
/// `open(2)`, which is variadic and so cannot be imported. Callers pass O_CLOEXEC themselves.
int cs_open(const char *path, int flags, mode_t mode);

#endif
