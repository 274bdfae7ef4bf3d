"""Multinomial naive Bayes over words, as an afternoon's script has it: what rules from `suggest` are compared with."""

import collections
import math
import re


def words(text):
    return re.findall(r"\w+", text.casefold())


class Bayes:
    def __init__(self, rows):
        """rows: (text, label)"""
        self.labels = collections.Counter(label for _, label in rows)
        self.counts = {label: collections.Counter() for label in self.labels}
        for text, label in rows:
            self.counts[label].update(words(text))
        self.vocabulary = len(set().union(*self.counts.values()))
        self.totals = {label: sum(count.values()) for label, count in self.counts.items()}

    def label(self, text):
        known = [word for word in words(text) if any(word in count for count in self.counts.values())]
        return max(self.labels, key=lambda label: self._likelihood(label, known))

    def _likelihood(self, label, known):
        count, total = self.counts[label], self.totals[label] + self.vocabulary
        return math.log(self.labels[label]) + sum(math.log((count[word] + 1) / total) for word in known)
