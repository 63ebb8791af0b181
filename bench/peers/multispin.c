/*
 * Multi-spin Metropolis on the periodic square lattice, 128 replicas a vector: the algorithm of kernels/multispin, number
 * for number, compiled natively. Arguments: side, sweeps, beta, repetitions, 16 words of the seed in hexadecimal.
 * Prints, for each repetition, nanoseconds of processor time an attempted flip; then a checksum of the spins.
 *
 * cc -O3 -march=native multispin.c -lm
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef uint64_t v128 __attribute__((vector_size(16)));

enum { DIGITS = 53, BUFFER = 8192 / 16, MOST = 54 };

static v128 rotate(v128 x, int by) { return x << by | x >> (64 - by); }

static void fill(v128 *state, v128 *at, v128 *end) {
  v128 s0 = state[0], s1 = state[1], s2 = state[2], s3 = state[3];
  for (; at < end; at++) {
    *at = rotate(s0 + s3, 23) + s0;
    v128 t = s1 << 17;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = rotate(s3, 45);
  }
  state[0] = s0, state[1] = s1, state[2] = s2, state[3] = s3;
}

static int any(v128 x) { return (x[0] | x[1]) != 0; }

static void sweep(int sweeps, v128 *spins, const uint32_t *table, int sites, const v128 *digits, v128 *state) {
  static v128 buffer[BUFFER];
  v128 *const end = buffer + BUFFER, *cursor = buffer;
  const v128 ones = {~0ull, ~0ull};
  fill(state, buffer, end);
  for (int n = 0; n < sweeps; n++)
    for (const uint32_t *row = table; row < table + 5 * sites; row += 5) {
      if (cursor > end - MOST) {
        size_t left = end - cursor;
        memmove(buffer, cursor, left * sizeof(v128));
        fill(state, buffer + left, end);
        cursor = buffer;
      }
      v128 s = spins[row[0]], x = ~s;
      v128 a = x ^ spins[row[1]], b = x ^ spins[row[2]], c = x ^ spins[row[3]], d = x ^ spins[row[4]];
      v128 odd = a ^ b ^ c ^ d, ab = a & b, cd = c & d;
      v128 second = ab & cd, first = odd & (ab | cd);
      v128 undecided = first | second;
      v128 flip = (ones ^ undecided) & ~(cursor[0] & cursor[1] & cursor[2]);
      v128 *const fewest = cursor + 3;
      for (const v128 *digit = digits; digit < digits + 2 * DIGITS && any(undecided); digit += 2) {
        v128 u = *cursor++;
        v128 p = (first & digit[0]) | (second & digit[1]);
        flip |= undecided & p & ~u;
        undecided &= ~(u ^ p);
      }
      if (cursor < fewest) cursor = fewest;
      spins[row[0]] = s ^ flip;
    }
}

int main(int argc, char **argv) {
  if (argc != 21) return 2;
  const int side = atoi(argv[1]), sweeps = atoi(argv[2]), repetitions = atoi(argv[4]), sites = side * side;
  const double beta = atof(argv[3]);
  v128 *spins = aligned_alloc(64, sites * sizeof(v128));
  uint32_t *table = malloc(5 * sites * sizeof(uint32_t));
  memset(spins, 0, sites * sizeof(v128));
  int n = 0;
  for (int i = 0; i < side; i++)
    for (int first = 0; first < 2; first++)
      for (int j = first; j < side; j += 2) {
        uint32_t *row = table + 5 * n++;
        row[0] = i * side + j;
        row[1] = (i + 1) % side * side + j;
        row[2] = (i + side - 1) % side * side + j;
        row[3] = i * side + (j + 1) % side;
        row[4] = i * side + (j + side - 1) % side;
      }
  static v128 digits[2 * DIGITS], state[4];
  for (int k = 1; k <= 2; k++) {
    double p = 0.875 * exp(-4 * k * beta);
    for (int d = 0; d < DIGITS; d++) {
      p *= 2;
      uint64_t mask = p >= 1 ? ~0ull : 0;
      if (p >= 1) p -= 1;
      digits[2 * d + k - 1] = (v128){mask, mask};
    }
  }
  for (int w = 0; w < 16; w++) ((uint32_t *)state)[w] = strtoul(argv[5 + w], NULL, 16);
  for (int r = 0; r < repetitions; r++) {
    struct timespec from, to;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    sweep(sweeps, spins, table, sites, digits, state);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    double ns = (to.tv_sec - from.tv_sec) * 1e9 + (to.tv_nsec - from.tv_nsec);
    printf("%.6f\n", ns / ((double)sweeps * sites * 128));
  }
  uint64_t sum = 1469598103934665603ull;
  for (int i = 0; i < 4 * sites; i++) sum = (sum ^ ((uint32_t *)spins)[i]) * 1099511628211ull;
  printf("%016llx\n", (unsigned long long)sum);
  return 0;
}
