# Run by schema/CMakeLists.txt: cmake -DOUT=migrations.cc "-DFILES=0001_x.sql;..." -P embed.cmake
# Writes each migration as raw string literals of less than 16000 bytes: some compilers take no longer ones.
list(SORT FILES)
set(rows "")
foreach(file IN LISTS FILES)
  get_filename_component(name "${file}" NAME)
  string(REGEX MATCH "^0*([0-9]+)_" ignored "${name}")
  set(number ${CMAKE_MATCH_1})
  file(READ "${file}" text)
  string(LENGTH "${text}" left)
  set(from 0)
  set(literals "")
  while(left GREATER 0)
    string(SUBSTRING "${text}" ${from} 15000 piece)
    string(APPEND literals "\n     R\"sql(${piece})sql\"")
    math(EXPR from "${from} + 15000")
    math(EXPR left "${left} - 15000")
  endwhile()
  string(APPEND rows "    {${number}, \"${name}\",${literals}},\n")
endforeach()
file(WRITE "${OUT}" "// Generated from schema/[0-9]*.sql by schema/embed.cmake.
#include \"schema/migrate.h\"

namespace postroom {

std::span<const Migration> migrations() {
  static const Migration all[] = {
${rows}  };
  return all;
}

}  // namespace postroom
")
