// The platform's C library as Swift sees it, on Linux and macOS alike, and the few calls that Swift cannot import.
// No logic lives here: every function is one system call, or one call spelled two ways.
#ifndef JQTRADE_CSUPPORT_H
#define JQTRADE_CSUPPORT_H

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// MARK: Any file

/// `errno` of the last failed call on this thread (the macro cannot be imported).
int cs_errno(void);
/// `open(2)`, which is variadic and so cannot be imported. Callers pass O_CLOEXEC themselves.
int cs_open(const char *path, int flags, mode_t mode);
/// `fcntl(2)` with an integer argument: 0 where the command takes none.
int cs_fcntl(int descriptor, int command, int argument);
/// Reads a small file (of /proc, a time zone) whole: the number of bytes, at most `capacity`, or -1 with `errno` set.
ssize_t cs_read_file(const char *path, void *buffer, size_t capacity);

/// Whether a path lies on a disk of this machine, by the kind of its file system: a kind that is not known is not local.
bool cs_is_local(const char *path);
/// `iconv_open(3)` into UTF-8; NULL if the system does not know the encoding.
void *cs_decoder_open(const char *encoding);
/// `iconv_open(3)` from UTF-8; NULL if the system does not know the encoding.
void *cs_encoder_open(const char *encoding);
/// `iconv(3)`: the number of bytes written, or -1 if the input is not of that encoding or the output does not fit.
ssize_t cs_decode(void *decoder, const void *bytes, size_t count, void *output, size_t capacity);
/// `iconv_close(3)`.
void cs_decoder_close(void *decoder);

// MARK: Time

/// The wall clock, in nanoseconds since 1970-01-01 UTC.
int64_t cs_wall_nanoseconds(void);
/// A clock that nobody sets and that counts a suspended machine's sleep too.
int64_t cs_elapsed_nanoseconds(void);
/// A clock that nobody sets and that stands still while the machine sleeps.
int64_t cs_awake_nanoseconds(void);
/// A timer descriptor on the wall clock, or -1 where the platform has none.
int cs_timer_create(void);
/// Arms the timer for a wall time; it also fires when the clock is set. 0, or an error number.
int cs_timer_arm(int timer, int64_t wall_nanoseconds);
/// `poll(2)` with a time-out in nanoseconds, for ever if it is negative.
int cs_poll(struct pollfd *descriptors, size_t count, int64_t timeout_nanoseconds);
/// Waits for a wall time as directly as the system can, and answers what the wall clock shows then. For measuring only:
/// everything else waits through its clock.
int64_t cs_sleep_until(int64_t wall_nanoseconds);
/// macOS: the UUID of this boot as text, 0 or -1. Linux has a file for it: -1.
int cs_boot_session(char *buffer, size_t capacity);

// MARK: Descriptors

/// A pipe, [read end, write end], both closed on exec. 0 or -1.
int cs_pipe(int ends[2]);
/// A connected pair of stream sockets, both closed on exec and without SIGPIPE where that can be switched off. 0 or -1.
int cs_socket_pair(int ends[2]);

// MARK: Processes

/// The descriptor `parent` of ours becomes the descriptor `child` of a new process.
typedef struct {
    int child;
    int parent;
} cs_handover;

/// `posix_spawn` with default signal handlers, an empty signal mask and no descriptors but 0, 1, 2 and those handed
/// over, whose parent numbers must lie above every child number. Standard input is /dev/null unless handed over.
/// 0, or an error number.
int cs_spawn(pid_t *pid, const char *executable, char *const arguments[], char *const environment[],
             const char *directory, const cs_handover *handovers, int count, bool new_session);
/// A wait status taken apart: the exit code, or -1 if a signal ended the process.
int cs_exit_code(int status);
/// A wait status taken apart: the signal, or 0 if the process exited by itself.
int cs_exit_signal(int status);
/// Waits for a child's end: the most memory in bytes that it or a child it has waited for used at once, or -1.
int64_t cs_wait_measuring(pid_t pid, int *status);
/// `pidfd_open(2)`, or -1 with ENOSYS where there is none.
int cs_process_open(pid_t pid);
/// `pidfd_send_signal(2)`, 0 or -1.
int cs_process_signal(int process, int signal);
/// Adopts the orphans among our descendants: 0, or -1 where the platform cannot.
int cs_become_subreaper(void);
/// From now on `signal` writes its number, as one byte, to `descriptor`; with -1 it does nothing at all. 0 or -1.
int cs_signal_to_descriptor(int signal, int descriptor);
/// A number that changes with each signal that is written to a descriptor.
int cs_signals_seen(void);
/// Gives a signal its default action back.
void cs_signal_default(int signal);
/// Whether this process was told to ignore a signal, by nohup for one.
bool cs_signal_is_ignored(int signal);

/// The path of the running executable: its length, or -1.
ssize_t cs_executable_path(char *buffer, size_t capacity);
/// The linker's own mark of the running executable (GNU build-id, LC_UUID): its length, or 0 if it has none.
size_t cs_build_id(uint8_t *buffer, size_t capacity);

#if defined(__APPLE__)
/// What macOS tells of a process in place of /proc; false if there is none, or only a zombie.
bool cs_process_info(pid_t pid, pid_t *parent, uint64_t *start, uint64_t *resident);
/// The pids of all processes, at most `capacity`: how many, or -1.
int cs_all_processes(pid_t *pids, int capacity);
#endif

/// Content to the disk: `fdatasync(2)`, or `fsync(2)` where that is not declared.
int cs_flush(int descriptor);
/// When content or (`changed`) anything about a file last changed, in nanoseconds since 1970: the field's name differs.
int64_t cs_modified(const struct stat *about);
int64_t cs_changed(const struct stat *about);
/// `S_ISDIR` and `S_ISREG` (macros with arguments cannot be imported).
bool cs_is_folder(const struct stat *about);
bool cs_is_regular(const struct stat *about);
/// Lets `print` write each line as it ends, into a pipe too; `stdout` itself cannot be imported.
void cs_print_by_lines(void);
/// Whether an exec closes this descriptor (`fcntl(2)` is variadic).
int cs_set_close_on_exec(int descriptor, bool closes);
/// A second opening of the pipe or terminal behind a descriptor, for writing without ever waiting, or -1: setting
/// O_NONBLOCK on the first would change it for everyone who shares it, a user's shell included.
int cs_reopen_nonblocking(int descriptor);
/// The controlling side of a new pseudo-terminal, and the path of its other side, or -1 (not declared without _GNU_SOURCE).
int cs_open_pseudo_terminal(char *path, size_t size);

// MARK: Loaded code

/// The name of the exported symbol that begins at exactly this address, or NULL (`dladdr(3)`).
const char *cs_symbol_at(const void *address);
/// Swift's own demangler, from its runtime: a text for the caller to free, or NULL. `flags` is 0.
char *swift_demangle(const char *name, size_t length, char *buffer, size_t *capacity, uint32_t flags);
/// `memmem(3)`, which is not declared everywhere.
const void *cs_find_bytes(const void *bytes, size_t count, const void *sought, size_t length);

// MARK: What the program was started with

/// `environ`, the variables of this process, ended by a null.
char **cs_environment(void);
/// `S_ISSOCK` (a macro with arguments cannot be imported).
bool cs_is_socket(const struct stat *about);

#endif
