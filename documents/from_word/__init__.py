"""A text of ours that comes back from a partner as a Word file: read, laid beside ours article by article, taken over.

reading     the words of a .docx, with tracked changes, remarks and what cannot be taken over
articles    the same articles on both sides, whatever their numbers
comparing   which words differ
places      where in the model each of our words comes from
taking      the partner's words, written into the model
__main__    all of it in a bounded process of its own
"""
