"""The papers of what a run may use, by DOI, as BibTeX writes them."""

from collections.abc import Iterable
from typing import NamedTuple


class Paper(NamedTuple):
    """An article: its key, authors as BibTeX has them, title, journal, year and pages (or number)."""

    key: str
    author: str
    title: str
    journal: str
    year: int
    where: str = ""


PAPERS = {
    "10.1002/bit.10803": Paper(
        "burgard2003",
        "Burgard, Anthony P. and Pharkya, Priti and Maranas, Costas D.",
        "OptKnock: A bilevel programming framework for identifying gene knockout strategies for microbial strain "
        "optimization",
        "Biotechnology and Bioengineering",
        2003,
        "84(6):647-657",
    ),
    "10.1093/bioinformatics/btp704": Paper(
        "tepper2010",
        "Tepper, Naama and Shlomi, Tomer",
        "Predicting metabolic engineering knockout strategies for chemical production: accounting for competing "
        "pathways",
        "Bioinformatics",
        2010,
        "26(4):536-543",
    ),
    "10.1038/msb.2010.47": Paper(
        "lewis2010",
        "Lewis, Nathan E. and others",
        "Omic data from evolved E. coli are consistent with computed optimal growth from genome-scale models",
        "Molecular Systems Biology",
        2010,
        "6:390",
    ),
    "10.1093/bioinformatics/btg395": Paper(
        "klamt2004",
        "Klamt, Steffen and Gilles, Ernst Dieter",
        "Minimal cut sets in biochemical reaction networks",
        "Bioinformatics",
        2004,
        "20(2):226-234",
    ),
    "10.1016/j.mec.2019.e00087": Paper(
        "jensen2019",
        "Jensen, Kristian and others",
        "OptCouple: Joint simulation of gene knockouts, insertions and medium modifications for prediction of "
        "growth-coupled strain designs",
        "Metabolic Engineering Communications",
        2019,
        "8:e00087",
    ),
    "10.1007/BF01386316": Paper(
        "benders1962",
        "Benders, J. F.",
        "Partitioning procedures for solving mixed-variables programming problems",
        "Numerische Mathematik",
        1962,
        "4:238-252",
    ),
    "10.1007/s10107-003-0375-9": Paper(
        "hooker2003",
        "Hooker, J. N. and Ottosson, G.",
        "Logic-based Benders decomposition",
        "Mathematical Programming",
        2003,
        "96:33-60",
    ),
    "10.1093/nar/gkab1106": Paper(
        "beber2022",
        "Beber, Moritz E. and others",
        "eQuilibrator 3.0: a database solution for thermodynamic constant estimation",
        "Nucleic Acids Research",
        2022,
        "50(D1):D603-D609",
    ),
    "10.1371/journal.pcbi.1003098": Paper(
        "noor2013",
        "Noor, Elad and others",
        "Consistent estimation of Gibbs energy using component contributions",
        "PLoS Computational Biology",
        2013,
        "9(7):e1003098",
    ),
    "10.1186/s12859-019-3329-9": Paper(
        "bekiaris2020",
        "Bekiaris, Pavlos Stephanos and Klamt, Steffen",
        "Automatic construction of metabolic models with enzyme constraints",
        "BMC Bioinformatics",
        2020,
        "21:19",
    ),
    "10.1038/msb4100141": Paper(
        "shlomi2007",
        "Shlomi, Tomer and others",
        "A genome-scale computational study of the interplay between transcriptional regulation and metabolism",
        "Molecular Systems Biology",
        2007,
        "3:101",
    ),
    "10.1186/1752-0509-7-74": Paper(
        "ebrahim2013",
        "Ebrahim, Ali and Lerman, Joshua A. and Palsson, Bernhard O. and Hyduke, Daniel R.",
        "COBRApy: COnstraints-Based Reconstruction and Analysis for Python",
        "BMC Systems Biology",
        2013,
        "7:74",
    ),
    "10.12688/f1000research.29032.2": Paper(
        "moelder2021",
        r"M{\"o}lder, Felix and others",
        "Sustainable data analysis with Snakemake",
        "F1000Research",
        2021,
        "10:33",
    ),
    "10.1007/s12532-017-0130-5": Paper(
        "huangfu2018",
        "Huangfu, Q. and Hall, J. A. J.",
        "Parallelizing the dual revised simplex method",
        "Mathematical Programming Computation",
        2018,
        "10:119-142",
    ),
    "10.1287/educ.1053.0020": Paper(
        "forrest2005",
        "Forrest, John and Lougee-Heimer, Robin",
        "CBC user guide",
        "INFORMS Tutorials in Operations Research",
        2005,
        "257-277",
    ),
    "10.1128/ecosalplus.10.2.1": Paper(
        "orth2010",
        "Orth, Jeffrey D. and Fleming, Ronan M. T. and Palsson, Bernhard O.",
        "Reconstruction and use of microbial metabolic networks: the core Escherichia coli metabolic model as an "
        "educational guide",
        "EcoSal Plus",
        2010,
        "4(1)",
    ),
    "10.1038/msb.2011.65": Paper(
        "orth2011",
        "Orth, Jeffrey D. and others",
        "A comprehensive genome-scale reconstruction of Escherichia coli metabolism--2011",
        "Molecular Systems Biology",
        2011,
        "7:535",
    ),
    "10.1038/nbt.3956": Paper(
        "monk2017",
        "Monk, Jonathan M. and others",
        "iML1515, a knowledgebase that computes Escherichia coli traits",
        "Nature Biotechnology",
        2017,
        "35:904-908",
    ),
    "10.1038/msb4100155": Paper(
        "feist2007",
        "Feist, Adam M. and others",
        "A genome-scale metabolic reconstruction for Escherichia coli K-12 MG1655 that accounts for 1260 ORFs and "
        "thermodynamic information",
        "Molecular Systems Biology",
        2007,
        "3:121",
    ),
    "10.1186/gb-2003-4-9-r54": Paper(
        "reed2003",
        "Reed, Jennifer L. and Vo, Thuy D. and Schilling, Christophe H. and Palsson, Bernhard O.",
        "An expanded genome-scale model of Escherichia coli K-12 (iJR904 GSM/GPR)",
        "Genome Biology",
        2003,
        "4:R54",
    ),
    "10.1186/1752-0509-3-37": Paper(
        "mo2009",
        "Mo, Monica L. and Palsson, Bernhard O. and Herrg{\\aa}rd, Markus J.",
        "Connecting extracellular metabolomic measurements to intracellular flux states in yeast",
        "BMC Systems Biology",
        2009,
        "3:37",
    ),
}

MODELS = {
    "e_coli_core": "10.1128/ecosalplus.10.2.1",
    "iJO1366": "10.1038/msb.2011.65",
    "iML1515": "10.1038/nbt.3956",
    "iAF1260": "10.1038/msb4100155",
    "iJR904": "10.1186/gb-2003-4-9-r54",
    "iMM904": "10.1186/1752-0509-3-37",
}
"""The papers of some models, by the id that the model has of itself."""

COBRAPY = "10.1186/1752-0509-7-74"
SNAKEMAKE = "10.12688/f1000research.29032.2"
SOLVERS = {"highs": "10.1007/s12532-017-0130-5", "cbc": "10.1287/educ.1053.0020"}
"""Solvers that have a paper; the others are named with their version."""


def bibtex(dois: Iterable[str], version: str) -> str:
    """Entries for Knockflow and for papers, each once, in the order given.

    Raises
    ------
    KeyError
        If a DOI is not in `PAPERS`.
    """
    entries = [
        "@software{knockflow,\n  author = {{The Knockflow developers}},\n"
        "  title = {Knockflow: reproducible strain design by bilevel optimization},\n"
        f"  version = {{{version}}}\n}}"
    ]
    for doi in dict.fromkeys(dois):
        paper = PAPERS[doi]
        fields = {
            "author": paper.author,
            "title": f"{{{paper.title}}}",
            "journal": paper.journal,
            "year": str(paper.year),
            "note": paper.where,
            "doi": doi,
        }
        lines = [f"  {name} = {{{text}}}" for name, text in fields.items() if text]
        entries.append("@article{" + ",\n".join([paper.key, *lines]) + "\n}")
    return "\n\n".join(entries) + "\n"
