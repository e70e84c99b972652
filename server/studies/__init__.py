"""Studies: research projects with their basis, people, texts, arms, bundles, and who may have what."""
