#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "CSupport.h"

#include <iconv.h>
#include <sys/resource.h>

#if defined(__linux__)
#include <link.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/vfs.h>
#elif defined(__APPLE__)
#include <libproc.h>
#include <mach-o/dyld.h>
#include <mach-o/loader.h>
#include <sys/mount.h>
#include <sys/sysctl.h>
#endif

// MARK: Any file

int cs_errno(void) { return errno; }

int cs_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }

#if defined(__linux__)
int cs_flush(int descriptor) { return fdatasync(descriptor); }
int64_t cs_modified(const struct stat *about) { return about->st_mtim.tv_sec * 1000000000LL + about->st_mtim.tv_nsec; }
int64_t cs_changed(const struct stat *about) { return about->st_ctim.tv_sec * 1000000000LL + about->st_ctim.tv_nsec; }
#else
int cs_flush(int descriptor) { return fsync(descriptor); }
int64_t cs_modified(const struct stat *about) {
    return about->st_mtimespec.tv_sec * 1000000000LL + about->st_mtimespec.tv_nsec;
}
int64_t cs_changed(const struct stat *about) {
    return about->st_ctimespec.tv_sec * 1000000000LL + about->st_ctimespec.tv_nsec;
}
#endif

bool cs_is_folder(const struct stat *about) { return S_ISDIR(about->st_mode); }
bool cs_is_regular(const struct stat *about) { return S_ISREG(about->st_mode); }

void cs_print_by_lines(void) { (void)setvbuf(stdout, NULL, _IOLBF, 0); }

int cs_set_close_on_exec(int descriptor, bool closes) { return fcntl(descriptor, F_SETFD, closes ? FD_CLOEXEC : 0); }

int cs_reopen_nonblocking(int descriptor) {
    char path[PATH_MAX];
#if defined(__linux__)
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
#else
    if (ttyname_r(descriptor, path, sizeof path) != 0) return -1;
#endif
    return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

int cs_fcntl(int descriptor, int command, int argument) { return fcntl(descriptor, command, argument); }

ssize_t cs_read_file(const char *path, void *buffer, size_t capacity) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    size_t length = 0;
    ssize_t count = 1;
    while (count != 0 && length < capacity) {
        count = read(file, (char *)buffer + length, capacity - length);
        if (count < 0 && errno != EINTR) break;
        if (count > 0) length += (size_t)count;
    }
    int failure = count < 0 ? errno : 0;
    close(file);
    errno = failure;
    return failure != 0 ? -1 : (ssize_t)length;
}

#if defined(__linux__)

bool cs_is_local(const char *path) {
    struct statfs about;
    if (statfs(path, &about) != 0) return false;
    switch ((uint32_t)about.f_type) {
    case 0xEF53:      // ext2, ext3, ext4
    case 0x58465342:  // xfs
    case 0x9123683E:  // btrfs
    case 0x01021994:  // tmpfs
    case 0x794C7630:  // overlayfs
    case 0xF2F52010:  // f2fs
    case 0x2FC12FC1:  // zfs
        return true;
    default: return false;
    }
}

#else

bool cs_is_local(const char *path) {
    struct statfs about;
    return statfs(path, &about) == 0 && (about.f_flags & MNT_LOCAL) != 0;
}

#endif

void *cs_decoder_open(const char *encoding) {
    iconv_t decoder = iconv_open("UTF-8", encoding);
    return decoder == (iconv_t)-1 ? NULL : (void *)decoder;
}

void *cs_encoder_open(const char *encoding) {
    iconv_t encoder = iconv_open(encoding, "UTF-8");
    return encoder == (iconv_t)-1 ? NULL : (void *)encoder;
}

ssize_t cs_decode(void *decoder, const void *bytes, size_t count, void *output, size_t capacity) {
    char *in = (char *)(uintptr_t)bytes, *out = output;
    size_t left = capacity;
    iconv((iconv_t)decoder, NULL, NULL, NULL, NULL);
    if (iconv((iconv_t)decoder, &in, &count, &out, &left) == (size_t)-1) return -1;
    return (ssize_t)(capacity - left);
}

void cs_decoder_close(void *decoder) { iconv_close((iconv_t)decoder); }

// MARK: Time

static int64_t nanoseconds(clockid_t clock) {
    struct timespec now;
    if (clock_gettime(clock, &now) != 0) return 0;
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t cs_wall_nanoseconds(void) { return nanoseconds(CLOCK_REALTIME); }

#if defined(__linux__)

int64_t cs_elapsed_nanoseconds(void) { return nanoseconds(CLOCK_BOOTTIME); }

int64_t cs_awake_nanoseconds(void) { return nanoseconds(CLOCK_MONOTONIC); }

int cs_timer_create(void) { return timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK); }

int cs_timer_arm(int timer, int64_t wall) {
    struct itimerspec due = {.it_value = {.tv_sec = wall / 1000000000, .tv_nsec = wall % 1000000000}};
    return timerfd_settime(timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &due, NULL) == 0 ? 0 : errno;
}

int cs_poll(struct pollfd *descriptors, size_t count, int64_t timeout) {
    struct timespec limit = {.tv_sec = timeout / 1000000000, .tv_nsec = timeout % 1000000000};
    return ppoll(descriptors, (nfds_t)count, timeout < 0 ? NULL : &limit, NULL);
}

int64_t cs_sleep_until(int64_t wall) {
    struct timespec due = {.tv_sec = wall / 1000000000, .tv_nsec = wall % 1000000000};
    while (clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &due, NULL) == EINTR) {}
    return cs_wall_nanoseconds();
}

int cs_boot_session(char *buffer, size_t capacity) {
    (void)buffer, (void)capacity;
    return -1;
}

#else

int64_t cs_elapsed_nanoseconds(void) { return nanoseconds(CLOCK_MONOTONIC_RAW); }

int64_t cs_awake_nanoseconds(void) { return nanoseconds(CLOCK_UPTIME_RAW); }

int cs_timer_create(void) { return -1; }

int cs_timer_arm(int timer, int64_t wall) {
    (void)timer, (void)wall;
    return ENOSYS;
}

int cs_poll(struct pollfd *descriptors, size_t count, int64_t timeout) {
    int64_t milliseconds = timeout < 0 ? -1 : timeout / 1000000 + (timeout % 1000000 != 0);
    return poll(descriptors, (nfds_t)count, milliseconds > INT_MAX ? INT_MAX : (int)milliseconds);
}

int64_t cs_sleep_until(int64_t wall) {
    int64_t left;
    while ((left = wall - cs_wall_nanoseconds()) > 0) {
        struct timespec span = {.tv_sec = left / 1000000000, .tv_nsec = left % 1000000000};
        nanosleep(&span, NULL);
    }
    return cs_wall_nanoseconds();
}

int cs_boot_session(char *buffer, size_t capacity) {
    return sysctlbyname("kern.bootsessionuuid", buffer, &capacity, NULL, 0);
}

#endif

// MARK: Descriptors

#if defined(__linux__)

int cs_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int cs_socket_pair(int ends[2]) { return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends); }

#else

int cs_pipe(int ends[2]) {
    if (pipe(ends) != 0) return -1;
    for (int i = 0; i < 2; i++) fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    return 0;
}

int cs_socket_pair(int ends[2]) {
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return -1;
    int on = 1;
    for (int i = 0; i < 2; i++) {
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        setsockopt(ends[i], SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
    }
    return 0;
}

#endif

// MARK: Processes

// What the child does with its descriptors before it runs. macOS closes by default and must be told what to keep;
// glibc keeps by default and must be told what to close.
static int set_descriptors(posix_spawn_file_actions_t *actions, const cs_handover *handovers, int count) {
    int error = 0, highest = 2;
    bool given[3] = {false, false, false};
    for (int i = 0; i < count && error == 0; i++) {
        error = posix_spawn_file_actions_adddup2(actions, handovers[i].parent, handovers[i].child);
        if (handovers[i].child > highest) highest = handovers[i].child;
        if (handovers[i].child <= 2) given[handovers[i].child] = true;
    }
    if (error == 0 && !given[0]) error = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
#if defined(__APPLE__)
    for (int output = 1; output <= 2 && error == 0; output++)
        if (!given[output] && fcntl(output, F_GETFD) >= 0) error = posix_spawn_file_actions_addinherit_np(actions, output);
#else
    for (int other = 3; other < highest && error == 0; other++) {
        bool kept = false;
        for (int i = 0; i < count; i++) kept = kept || handovers[i].child == other;
        if (!kept) error = posix_spawn_file_actions_addclose(actions, other);
    }
    if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(actions, highest + 1);
#endif
    return error;
}

int cs_spawn(pid_t *pid, const char *executable, char *const arguments[], char *const environment[],
             const char *directory, const cs_handover *handovers, int count, bool new_session) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) return error;
    error = posix_spawnattr_init(&attributes);
    if (error != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return error;
    }
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    sigdelset(&all, SIGKILL);
    sigdelset(&all, SIGSTOP);
    int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | (new_session ? POSIX_SPAWN_SETSID : 0);
#if defined(__APPLE__)
    flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;
#endif
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    error = posix_spawnattr_setflags(&attributes, (short)flags);
    if (error == 0 && directory != NULL) error = posix_spawn_file_actions_addchdir_np(&actions, directory);
    if (error == 0) error = set_descriptors(&actions, handovers, count);
    if (error == 0) error = posix_spawn(pid, executable, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

int64_t cs_wait_measuring(pid_t pid, int *status) {
    struct rusage usage;
    while (wait4(pid, status, 0, &usage) < 0) {
        if (errno != EINTR) return -1;
    }
#if defined(__APPLE__)
    return usage.ru_maxrss;
#else
    return (int64_t)usage.ru_maxrss * 1024;
#endif
}

int cs_exit_code(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : -1; }

int cs_exit_signal(int status) { return WIFSIGNALED(status) ? WTERMSIG(status) : 0; }

#if defined(__linux__)

int cs_process_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int cs_process_signal(int process, int signal) { return (int)syscall(SYS_pidfd_send_signal, process, signal, NULL, 0); }

int cs_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

#else

static int unsupported(void) {
    errno = ENOSYS;
    return -1;
}

int cs_process_open(pid_t pid) {
    (void)pid;
    return unsupported();
}

int cs_process_signal(int process, int signal) {
    (void)process, (void)signal;
    return unsupported();
}

int cs_become_subreaper(void) { return unsupported(); }

bool cs_process_info(pid_t pid, pid_t *parent, uint64_t *start, uint64_t *resident) {
    struct proc_bsdinfo basic;
    struct proc_taskinfo task;
    if (proc_pidinfo(pid, PROC_PIDTBSDINFO, 0, &basic, sizeof basic) != sizeof basic) return false;
    if (basic.pbi_status == 5 /* SZOMB */) return false;
    *parent = (pid_t)basic.pbi_ppid;
    *start = (uint64_t)basic.pbi_start_tvsec * 1000000 + basic.pbi_start_tvusec;
    bool known = proc_pidinfo(pid, PROC_PIDTASKINFO, 0, &task, sizeof task) == sizeof task;
    *resident = known ? task.pti_resident_size : 0;
    return true;
}

int cs_all_processes(pid_t *pids, int capacity) { return proc_listallpids(pids, capacity * (int)sizeof *pids); }

#endif

// Written before a signal's handler is installed, read by the handler.
static volatile sig_atomic_t signal_descriptors[NSIG];
static volatile sig_atomic_t signals_seen;

static void write_signal(int signal) {
    int failure = errno;
    unsigned char number = (unsigned char)signal;
    int descriptor = (int)signal_descriptors[signal];
    if (descriptor >= 0) {
        signals_seen = (signals_seen + 1) & 0xFFFF;
        ssize_t ignored = write(descriptor, &number, 1);
        (void)ignored;
    }
    errno = failure;
}

int cs_signals_seen(void) { return (int)signals_seen; }

int cs_signal_to_descriptor(int signal, int descriptor) {
    if (signal <= 0 || signal >= NSIG) {
        errno = EINVAL;
        return -1;
    }
    struct sigaction action = {.sa_handler = write_signal, .sa_flags = SA_RESTART};
    sigfillset(&action.sa_mask);
    signal_descriptors[signal] = descriptor;
    return sigaction(signal, &action, NULL);
}

void cs_signal_default(int signal) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigaction(signal, &action, NULL);
}

bool cs_signal_is_ignored(int signal) {
    struct sigaction action;
    return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

// MARK: The running executable

#if defined(__linux__)

ssize_t cs_executable_path(char *buffer, size_t capacity) { return readlink("/proc/self/exe", buffer, capacity); }

struct build_id {
    uint8_t *buffer;
    size_t capacity, length;
};

// The program itself is the first object that is shown.
static int find_build_id(struct dl_phdr_info *object, size_t size, void *found) {
    (void)size;
    struct build_id *id = found;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &object->dlpi_phdr[i];
        if (header->p_type != PT_NOTE) continue;
        const char *note = (const char *)(object->dlpi_addr + header->p_vaddr);
        const char *end = note + header->p_memsz;
        while (note + sizeof(ElfW(Nhdr)) <= end) {
            const ElfW(Nhdr) *head = (const ElfW(Nhdr) *)note;
            const char *name = note + sizeof *head;
            const char *value = name + ((head->n_namesz + 3) & ~3u);
            if (head->n_type == NT_GNU_BUILD_ID && head->n_namesz == 4 && memcmp(name, "GNU", 4) == 0) {
                id->length = head->n_descsz < id->capacity ? head->n_descsz : id->capacity;
                memcpy(id->buffer, value, id->length);
                return 1;
            }
            note = value + ((head->n_descsz + 3) & ~3u);
        }
    }
    return 1;
}

size_t cs_build_id(uint8_t *buffer, size_t capacity) {
    struct build_id id = {buffer, capacity, 0};
    dl_iterate_phdr(find_build_id, &id);
    return id.length;
}

#else

ssize_t cs_executable_path(char *buffer, size_t capacity) {
    uint32_t size = (uint32_t)capacity;
    return _NSGetExecutablePath(buffer, &size) == 0 ? (ssize_t)strlen(buffer) : -1;
}

size_t cs_build_id(uint8_t *buffer, size_t capacity) {
    const struct mach_header_64 *header = (const struct mach_header_64 *)_dyld_get_image_header(0);
    if (header == NULL) return 0;
    const struct load_command *command = (const struct load_command *)(header + 1);
    for (uint32_t i = 0; i < header->ncmds; i++) {
        if (command->cmd == LC_UUID) {
            size_t length = capacity < 16 ? capacity : 16;
            memcpy(buffer, ((const struct uuid_command *)command)->uuid, length);
            return length;
        }
        command = (const struct load_command *)((const char *)command + command->cmdsize);
    }
    return 0;
}

#endif

// MARK: Loaded code

const char *cs_symbol_at(const void *address) {
    Dl_info found;
    return dladdr(address, &found) != 0 && found.dli_saddr == address ? found.dli_sname : NULL;
}

const void *cs_find_bytes(const void *bytes, size_t count, const void *sought, size_t length) {
    return memmem(bytes, count, sought, length);
}

// MARK: Terminals

int cs_open_pseudo_terminal(char *path, size_t size) {
    int descriptor = posix_openpt(O_RDWR | O_NOCTTY);
    if (descriptor < 0) return -1;
    const char *name = grantpt(descriptor) == 0 && unlockpt(descriptor) == 0 ? ptsname(descriptor) : NULL;
    if (name == NULL || strlen(name) >= size) {
        close(descriptor);
        return -1;
    }
    strcpy(path, name);
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    return descriptor;
}

// MARK: What the program was started with

extern char **environ;

char **cs_environment(void) { return environ; }

bool cs_is_socket(const struct stat *about) { return S_ISSOCK(about->st_mode); }
