/* The switch saves what a called function has to keep, and exchanges the stacks; where it is not written for the
 * processor, ucontext does it, with two system calls. */
#include "fibre.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#ifndef __x86_64__
#include <ucontext.h>
#endif
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

namespace stand_in {

static constexpr size_t stack_bytes = 128 << 10;
static constexpr unsigned max_fibres = 1024;
static constexpr uint64_t stack_end_mark = 0x5AFE57AC5AFE57ACu;

enum class State { ready, waiting, ended };

struct Fibre {
  State state;
  int line;
  const char *file;
#ifdef __x86_64__
  void *stack_pointer;
#else
  ucontext_t context;
#endif
#ifdef __SANITIZE_ADDRESS__
  void *fake_stack;
#endif
};

static struct {
  char *stacks;
  Fibre fibres[max_fibres];
  Fibre owner; /* who runs them */
  Fibre *current;
  void (*body) (void *data);
  void *data;
#ifdef __SANITIZE_ADDRESS__
  const void *owner_bottom;
  size_t owner_bytes;
#endif
} set;

#ifdef __x86_64__
extern "C" void
stand_in_switch (void **save, void *restore);
asm(".pushsection .text\n"
    ".globl stand_in_switch\n"
    ".hidden stand_in_switch\n"
    ".type stand_in_switch, @function\n"
    "stand_in_switch:\n"
    "  push %rbp\n  push %rbx\n  push %r12\n  push %r13\n  push %r14\n  push %r15\n"
    "  mov %rsp, (%rdi)\n"
    "  mov %rsi, %rsp\n"
    "  pop %r15\n  pop %r14\n  pop %r13\n  pop %r12\n  pop %rbx\n  pop %rbp\n"
    "  ret\n"
    ".size stand_in_switch, . - stand_in_switch\n"
    ".popsection\n");
#endif

static char *
get_stack (Fibre *fibre) {
  return set.stacks + stack_bytes * size_t (fibre - set.fibres);
}

static void
switch_stacks (Fibre *from, Fibre *to) {
#ifdef __x86_64__
  stand_in_switch (&from->stack_pointer, to->stack_pointer);
#else
  swapcontext (&from->context, &to->context);
#endif
}

static void
leave (Fibre *fibre, bool for_good) {
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_start_switch_fiber (for_good ? nullptr : &fibre->fake_stack,
                                  set.owner_bottom, set.owner_bytes);
#endif
  switch_stacks (fibre, &set.owner);
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_finish_switch_fiber (fibre->fake_stack, nullptr, nullptr);
#endif
}

static void
enter (Fibre *fibre) {
  set.current = fibre;
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_start_switch_fiber (&set.owner.fake_stack, get_stack (fibre),
                                  stack_bytes);
#endif
  switch_stacks (&set.owner, fibre);
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_finish_switch_fiber (set.owner.fake_stack, nullptr, nullptr);
#endif
  set.current = nullptr;
}

static void
begin () {
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_finish_switch_fiber (nullptr, &set.owner_bottom, &set.owner_bytes);
#endif
  set.body (set.data);
  set.current->state = State::ended;
  leave (set.current, true);
  abort ();
}

static void
make_fibre (Fibre *fibre) {
  char *stack = get_stack (fibre);
  *reinterpret_cast<uint64_t *> (stack) = stack_end_mark;
  fibre->state = State::ready;
#ifdef __SANITIZE_ADDRESS__
  fibre->fake_stack = nullptr;
#endif
#ifdef __x86_64__
  /* Six registers, the function that the switch returns to, and a return address of that function's, which
   * leaves the stack as a call would. */
  size_t shift = size_t (fibre - set.fibres) % 32 *
                 192; /* not all in the same lines of the cache */
  void **top = reinterpret_cast<void **> (stack + stack_bytes - shift) - 8;
  for (int k = 0; k < 8; k++)
    top[k] = nullptr;
  top[6] = reinterpret_cast<void *> (begin);
  fibre->stack_pointer = top;
#else
  getcontext (&fibre->context);
  fibre->context.uc_stack.ss_sp = stack;
  fibre->context.uc_stack.ss_size = stack_bytes;
  makecontext (&fibre->context, begin, 0);
#endif
}

static void
check_round (const char *name, unsigned count) {
  const Fibre *first = &set.fibres[0];

  for (unsigned k = 0; k < count; k++) {
    Fibre *fibre = &set.fibres[k];
    if (*reinterpret_cast<uint64_t *> (get_stack (fibre)) != stack_end_mark) {
      fprintf (stderr, "stand-in: %s: thread %u needs more than %zu bytes of stack\n",
               name, k, stack_bytes);
      abort ();
    }
    if (fibre->state != first->state ||
        (fibre->state == State::waiting && fibre->line != first->line)) {
      const Fibre *one = first->state == State::waiting ? first : fibre;
      fprintf (stderr,
               "stand-in: %s: __syncthreads() at %s:%d is not reached by all threads "
               "of the block: "
               "threads 0 and %u differ\n",
               name, one->file, one->line, k);
      abort ();
    }
  }
}

void
run_fibres (const char *name,
            unsigned count,
            void (*prepare) (unsigned index),
            void (*body) (void *data),
            void *data) {
  if (!set.stacks) {
    void *stacks =
        mmap (nullptr, stack_bytes * max_fibres, PROT_READ | PROT_WRITE,
              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (stacks == MAP_FAILED) {
      perror ("stand-in: no memory for stacks");
      abort ();
    }
    set.stacks = static_cast<char *> (stacks);
  }
  set.body = body;
  set.data = data;
  for (unsigned k = 0; k < count; k++)
    make_fibre (&set.fibres[k]);
  do {
    for (unsigned k = 0; k < count; k++) {
      prepare (k);
      enter (&set.fibres[k]);
    }
    check_round (name, count);
  } while (set.fibres[0].state != State::ended);
}

void
fibre_wait (const char *file, int line) {
  Fibre *fibre = set.current;

  if (!fibre) {
    fprintf (stderr,
             "stand-in: %s:%d: __syncthreads() in a kernel that was not launched by "
             "RUNET_LAUNCH_TOGETHER\n",
             file, line);
    abort ();
  }
  fibre->state = State::waiting;
  fibre->file = file;
  fibre->line = line;
  leave (fibre, false);
}

} // namespace stand_in
