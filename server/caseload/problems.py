"""What a course of treatment is for: the problem descriptors, as codes and in words."""

PROBLEMS = {
    "depression": "Depression",
    "generalised_anxiety": "Generalised anxiety",
    "panic": "Panic",
    "agoraphobia": "Agoraphobia",
    "social_anxiety": "Social anxiety",
    "specific_phobia": "A specific phobia",
    "health_anxiety": "Health anxiety",
    "obsessive_compulsive": "Obsessive compulsive problems",
    "post_traumatic_stress": "Post-traumatic stress",
    "insomnia": "Sleep problems",
    "stress": "Stress",
    "mixed_anxiety_depression": "Mixed anxiety and depression",
    "other": "Another problem",
}
