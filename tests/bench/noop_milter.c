/* The milter that does nothing: takes every step and says "go on". What any milter costs at least.
   noop_milter unix:PATH */
#include <libmilter/mfapi.h>
#include <stdlib.h>

static sfsistat on_connect(SMFICTX* c, char* n, _SOCK_ADDR* a) { (void)c, (void)n, (void)a; return SMFIS_CONTINUE; }
static sfsistat on_text(SMFICTX* c, char* t) { (void)c, (void)t; return SMFIS_CONTINUE; }
static sfsistat on_list(SMFICTX* c, char** v) { (void)c, (void)v; return SMFIS_CONTINUE; }
static sfsistat on_header(SMFICTX* c, char* n, char* v) { (void)c, (void)n, (void)v; return SMFIS_CONTINUE; }
static sfsistat on_body(SMFICTX* c, unsigned char* b, size_t n) { (void)c, (void)b, (void)n; return SMFIS_CONTINUE; }
static sfsistat on_step(SMFICTX* c) { (void)c; return SMFIS_CONTINUE; }

int main(int argc, char** argv) {
  struct smfiDesc desk = {"noop", SMFI_VERSION, SMFIF_NONE, on_connect, on_text, on_list, on_list, on_header,
                          on_step, on_body, on_step, on_step, on_step, NULL, NULL, NULL};
  if (argc != 2) return 64;
  if (smfi_setconn(argv[1]) != MI_SUCCESS || smfi_register(desk) != MI_SUCCESS) return 75;
  smfi_opensocket(1);
  return smfi_main() == MI_SUCCESS ? 0 : 75;
}
