// What is signed or encrypted (RFC 8551, RFC 3156): we read what is signed, and say what we cannot read.

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>

#include <memory>

#include "rules/message_gmime.h"

namespace postroom {
namespace {

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using OwnedBio = std::unique_ptr<BIO, FreeBio>;

struct FreeCms {
  void operator()(CMS_ContentInfo* cms) const { CMS_ContentInfo_free(cms); }
};

}  // namespace

std::string signed_content(std::string_view der) {
  const OwnedBio in{BIO_new_mem_buf(der.data(), static_cast<int>(der.size()))};
  const std::unique_ptr<CMS_ContentInfo, FreeCms> cms{in ? d2i_CMS_bio(in.get(), nullptr) : nullptr};
  ERR_clear_error();
  if (!cms || OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed) return {};
  // Who signed is not asked: an answer to that needs certificates, and changes nothing in what is written.
  ASN1_OCTET_STRING** content = CMS_get0_content(cms.get());
  if (!content || !*content) return {};
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(*content)),
          static_cast<std::size_t>(ASN1_STRING_length(*content))};
}

std::string sealed_problem(std::string_view type, std::string_view detail) {
  if (type == "multipart/encrypted") {
    return detail.find("pgp") != detail.npos ? "encrypted (PGP): the text cannot be read"
                                             : "encrypted: the text cannot be read";
  }
  if (type != "application/pkcs7-mime" && type != "application/x-pkcs7-mime") return {};
  if (detail == "certs-only") return {};
  return detail == "signed-data" ? "signed (S/MIME): the text cannot be read"
                                 : "encrypted (S/MIME): the text cannot be read";
}

bool is_pgp_text(std::string_view text) {
  constexpr std::string_view mark = "-----BEGIN PGP MESSAGE-----";
  const std::size_t at = text.find(mark);
  return at != text.npos && (at == 0 || text[at - 1] == '\n');
}

}  // namespace postroom
