// The milter of postroom: classifies customers' mail while Postfix receives it.

#include "conf/program.h"
#include "milter/serve.h"

int main(int argc, char** argv) {
  return postroom::run_program("postroom-milter", [argc, argv] {
    const auto options = postroom::parse_options(argc, argv, "[-c FILE]", {});
    return postroom::serve_milter(postroom::config_path(options));
  });
}
