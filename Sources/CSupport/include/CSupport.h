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

/// Content to the disk: `fdatasync(2)`, or `fsync(2)` where that is not declared.
int cs_flush(int descriptor);
/// When content or (`changed`) anything about a file last changed, in nanoseconds since 1970: the field's name differs.
int64_t cs_modified(const struct stat *about);
int64_t cs_changed(const struct stat *about);
/// `S_ISDIR` and `S_ISREG` (macros with arguments cannot be imported).
bool cs_is_folder(const struct stat *about);
bool cs_is_regular(const struct stat *about);
/// Whether an exec closes this descriptor (`fcntl(2)` is variadic).
int cs_set_close_on_exec(int descriptor, bool closes);
/// A second opening of the pipe or terminal behind a descriptor, for writing without ever waiting, or -1: setting
/// O_NONBLOCK on the first would change it for everyone who shares it, a user's shell included.
int cs_reopen_nonblocking(int descriptor);
/// The controlling side of a new pseudo-terminal, and the path of its other side, or -1 (not declared without _GNU_SOURCE).
int cs_open_pseudo_terminal(char *path, size_t size);

#endif
