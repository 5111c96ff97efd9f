package dev.snoozy.documents.index;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.DelegatingAnalyzerWrapper;

/** Analyzes each field in the language that its name ends with. */
final class LanguageAnalyzer extends DelegatingAnalyzerWrapper {
    LanguageAnalyzer() {
        super(PER_FIELD_REUSE_STRATEGY);
    }

    @Override
    protected Analyzer getWrappedAnalyzer(String field) {
        int end = field.lastIndexOf('_');
        return Languages.analyzer(end < 0 ? Languages.OTHER : field.substring(end + 1));
    }
}
