// Only the variant that the benchmark compares with.
#define main every_variant
#include "mm1.cpp"
#undef main

int main(int count, char **words) {
  run<HeapLazy<4>>("cpp 4-ary lazy switch", count > 1 ? atoi(words[1]) : 2000000);
}
