// Only the variant that the benchmark compares with.
#define main every_variant
#include "chain3.cpp"
#undef main

int main(int count, char **words) {
  bench<HeapIdx<4>>("cpp chain 4-ary indexed", count > 1 ? atoi(words[1]) : 500000);
}
